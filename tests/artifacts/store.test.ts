// The content store: what goes in comes out, once, and never more than the limit.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectArtifacts } from '../../lib/artifacts/collect.ts';
import { readArtifact, streamArtifact } from '../../lib/artifacts/read.ts';
import { chunkBytes, storeBytes, storeStream } from '../../lib/artifacts/store.ts';
import { rawSql } from '../../lib/db/client.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

async function* inPieces(content: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
}

test.each([0, 1, chunkBytes - 1, chunkBytes, 3 * chunkBytes + 17])('%i bytes come back as they went in', async (size) => {
  const content = randomBytes(size);
  const stored = await storeStream(inPieces(content, 70_001));
  expect(stored.bytes).toBe(size);
  expect(Buffer.compare(content, await readArtifact(stored.sha256))).toBe(0);
  const pieces = [];
  for await (const piece of streamArtifact(stored.sha256)) pieces.push(piece);
  expect(Math.max(0, ...pieces.map((piece) => piece.byteLength))).toBeLessThanOrEqual(chunkBytes);
  expect(Buffer.compare(content, Buffer.concat(pieces))).toBe(0);
});

test('the same content is stored once, also when it arrives four times at once', async () => {
  const content = randomBytes(2 * chunkBytes + 5);
  const all = await Promise.all([1000, 60_000, chunkBytes].map((size) => storeStream(inPieces(content, size))).concat(storeBytes(content)));
  expect(new Set(all.map((stored) => stored.sha256)).size).toBe(1);
  const [{ count }] = await rawSql()`select count(*)::int from artifact_chunks where sha256 = ${all[0].sha256}`;
  expect(count).toBe(3);
});

test('the limit stops the stream as soon as it is passed, and says found and limit', async () => {
  let taken = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      taken += 100_000;
      yield new Uint8Array(100_000);
    }
  }
  const refused = storeStream(endless(), { limit: 1024 * 1024, before: 500_000 });
  await expect(refused).rejects.toMatchObject({ status: 413, message: expect.stringMatching(/at most 1\.0 MB.*1\.1 MB had arrived/) });
  expect(taken).toBeLessThan(700_000);
});

test('content that was changed in the database is not given out', async () => {
  const { sha256 } = await storeBytes(randomBytes(100));
  await rawSql()`update artifact_chunks set content = set_byte(content, 0, get_byte(content, 0) # 1) where sha256 = ${sha256}`;
  await expect(readArtifact(sha256)).rejects.toThrow(/read back as other content/);
});

test('only content that nothing refers to and no upload met lately is deleted', async () => {
  const [old, recent] = [await storeBytes(randomBytes(10)), await storeBytes(randomBytes(10))];
  await rawSql()`update artifacts set used_at = now() - interval '25 hours' where sha256 = ${old.sha256}`;
  expect(await collectArtifacts()).toBe(1);
  await expect(readArtifact(old.sha256)).rejects.toThrow(/not in the store/);
  expect((await readArtifact(recent.sha256)).length).toBe(10);
});
