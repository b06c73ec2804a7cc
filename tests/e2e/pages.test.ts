// Every page there is, with a class's data and with none, as somebody who may see it: accessible light and dark, whole on a phone, without complaint.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { surface } from '../authorisation/surface.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { startClassSite, type ClassSite } from './class-site.ts';
import { pages, sightsOf } from './pages.ts';
import { launchBrowser } from './site.ts';
import { walk } from './sweep.ts';

let fresh: FreshDatabase;
let site: ClassSite;
let browser: Browser;
beforeAll(async () => {
  fresh = await freshDatabase();
  site = await startClassSite(fresh.url, { students: 14, submissions: 2, seed: 1, protocol: 'quick', models: ['linear.onnx', 'mlp.onnx'], waiting: 1, say: () => {} });
  browser = await launchBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await site?.stop();
  await fresh?.drop();
});

test('every page has a row in pages.ts, every row a page, and every sight a name of its own', () => {
  expect(Object.keys(pages).map((page) => `page ${page}`).sort()).toEqual(surface.filter((one) => one.startsWith('page ')));
  const everything = sightsOf(new Proxy({}, { get: () => 'x' })).sights.map(({ name }) => name);
  expect(new Set(everything).size).toBe(everything.length);
});

test('a site that nobody runs yet', async () => {
  expect(await walk(browser, site.url, site.tours[0].cookies, site.tours[0].sights.filter(({ newSite }) => newSite))).toEqual({});
  await site.appointAdministrator();
}, 60_000);

describe.each(['class', 'empty'] as const)('%s', (of) => {
  const tour = () => site.tours.find((one) => one.of === of)!;

  test('has something to show on every page', () => {
    expect(tour().missing, 'pages without a sample in tests/bench/class/find.ts').toEqual([]);
  });

  test('every page is accessible, whole on a phone, and without complaint', async () => {
    expect(await walk(browser, site.url, tour().cookies, tour().sights.filter(({ newSite }) => !newSite))).toEqual({});
  }, 240_000);
});
