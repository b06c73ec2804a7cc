// A board that is kept open is rendered anew when it changes, again and again, never twice at once, and asks for nothing beside.
import type { Request } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawSql } from '../../lib/db/client.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { challengeOf } from '../evaluations/stage.ts';
import { startBareSite, type BareSite } from './bare-site.ts';

let site: BareSite;
beforeAll(async () => {
  site = await startBareSite(() => ({ NEXTAUTH_SECRET: 'a secret of the tests, long enough for it' }));
}, 300_000);
afterAll(() => site?.close(), 60_000);

test('an open board hears of each change and asks for it', { timeout: 120_000 }, async () => {
  const { id, slug } = await challengeOf(parseProtocol({ name: 'live', images: { split: 'test', size: 100 }, trials: [{ kind: 'clean' }, { kind: 'mixed' }] }));
  const page = await (await site.browser.newContext()).newPage();
  let [asked, beside] = [0, 0];
  const underWay = new Set<Request>();
  let most = 0;
  page.on('request', (request) => {
    const { rsc, 'next-router-prefetch': ahead } = request.headers();
    if (!rsc) return;
    if (ahead || new URL(request.url()).pathname !== `/challenges/${slug}`) return void beside++;
    asked++;
    most = Math.max(most, underWay.add(request).size);
  });
  const over = (request: Request) => underWay.delete(request);
  page.on('requestfinished', over).on('requestfailed', over);
  const listening = page.waitForRequest((request) => request.url().endsWith('/events'));
  await page.goto(`${site.url}/challenges/${slug}`);
  await listening;
  for (const title of ['Renamed', 'Renamed again']) {
    await rawSql()`update challenges set title = ${title} where id = ${id}`;
    const tell = setInterval(() => void rawSql()`select pg_notify('gauntlet_board', ${id})`.execute(), 500);
    await page.getByRole('heading', { name: title, exact: true }).waitFor({ timeout: 30_000 }).finally(() => clearInterval(tell));
  }
  expect(asked).toBeGreaterThanOrEqual(2);
  expect({ most, beside }).toEqual({ most: 1, beside: 0 });
});
