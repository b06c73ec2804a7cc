// Every page there is, with a class's data and with none, as somebody who may see it: accessible light and dark, whole on a phone, without complaint.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { surface } from '../authorisation/surface.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { startClassSite, type ClassSite, type Tour } from './class-site.ts';
import { pages, sightsOf, sightsOfNothing } from './pages.ts';
import { launchBrowser } from './site.ts';
import { sweeper } from './sweep.ts';

let fresh: FreshDatabase;
let site: ClassSite;
let browser: Browser;
let sweep: ReturnType<typeof sweeper>;
beforeAll(async () => {
  fresh = await freshDatabase();
  site = await startClassSite(fresh.url, { students: 14, submissions: 2, seed: 1, protocol: 'quick', models: ['linear.onnx', 'mlp.onnx'], waiting: 1, say: () => {} });
  browser = await launchBrowser();
  sweep = sweeper(browser, site.url);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await fresh?.drop();
});

const anything = sightsOf(new Proxy({}, { get: () => 'x' })).sights;

test('every page has a row in pages.ts, every row a page, and every sight a name of its own', () => {
  expect(Object.keys(pages).map((page) => `page ${page}`).sort()).toEqual(surface.filter((one) => one.startsWith('page ')));
  expect(new Set(anything.map(({ name }) => name)).size).toBe(anything.length);
});

/** The sight of that name, in the tour of what there is. */
async function look(of: Tour['of'], wanted: string): Promise<string[]> {
  const { sights, cookies } = site.tours.find((one) => one.of === of)!;
  const sight = sights.find(({ name }) => name === wanted);
  // Where there is nothing yet, there is nothing but what is in the dark with a class, too.
  return sight ? sweep(cookies, sight, of === 'empty' ? ['light'] : undefined) : ['tests/bench/class/find.ts has no sample for its address'];
}

describe('a site that nobody runs yet', () => {
  test.each(anything.filter(({ newSite }) => newSite))('$said', async ({ name }) => expect(await look('class', name)).toEqual([]), 90_000);
  afterAll(() => site.appointAdministrator());
});

describe('with a class', () => {
  test.each(anything.filter(({ newSite }) => !newSite))('$name, as $who', async ({ name }) => expect(await look('class', name)).toEqual([]), 90_000);
});

describe('with nothing yet', () => {
  test.each(sightsOfNothing('x'))('$name, as $who', async ({ name }) => expect(await look('empty', name)).toEqual([]), 90_000);
});
