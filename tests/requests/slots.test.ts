// Uploads at once: so many slots and no more, however many ask at one moment, and none lost with a process that died.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawSql } from '../../lib/db/client.ts';
import { heldSeconds, takeSlot } from '../../lib/requests/slots.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

test('of many who ask at one moment so many are let in as there are slots, and others when one is given back', async () => {
  const asked = await Promise.all(Array.from({ length: 9 }, () => takeSlot('a', 3)));
  const held = asked.filter((slot) => slot !== null);
  expect(held).toHaveLength(3);
  expect(await takeSlot('b', 1)).not.toBeNull();
  await held[1].release();
  expect(await takeSlot('a', 3)).not.toBeNull();
  expect(await takeSlot('a', 3)).toBeNull();
});

test('what a dead process held is free once it has been silent for half a minute', async () => {
  await rawSql()`insert into rate_limits (key, used, ends_at) values ('c slot 1', 1, now() + make_interval(secs => ${heldSeconds}))`;
  expect(await takeSlot('c', 1)).toBeNull();
  await rawSql()`update rate_limits set ends_at = now() where key = 'c slot 1'`;
  expect(await takeSlot('c', 1)).not.toBeNull();
});
