// News go on being heard when the connection they come over is lost, and whoever watches is told that some may have been missed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawSql } from '../../lib/db/client.ts';
import { newsOf } from '../../lib/db/news.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

test('a lost connection is followed by a word of it, and then by the news as before', async () => {
  const heard: (string | null)[] = [];
  const listen = newsOf('of_the_test', (payload) => heard.push(payload));
  await Promise.all([listen(), listen()]);
  await rawSql().notify('of_the_test', 'first');
  await expect.poll(() => heard).toEqual(['first']);

  const struck = await rawSql()`
    select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'listen %'`;
  expect(struck).toHaveLength(1);
  await expect.poll(() => heard, { timeout: 20_000 }).toEqual(['first', null]);
  await rawSql().notify('of_the_test', 'second');
  await expect.poll(() => heard).toEqual(['first', null, 'second']);
});
