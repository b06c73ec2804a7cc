// API tokens: shown once, kept as a hash, revoked by their owner alone.
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken, listTokens, revokeToken, viewerOfToken } from '../../lib/auth/tokens.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { apiTokens } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { person } from '../evaluations/stage.ts';

let fresh: FreshDatabase;
let owner: Viewer;
let other: Viewer;
beforeAll(async () => {
  fresh = await freshDatabase();
  owner = await person();
  other = await person('instructor');
});
afterAll(() => fresh.drop());

test('only the hash of a token is stored, and no list shows it again', async () => {
  const { secret, id } = await createToken(owner, ' laptop ');
  expect(secret).toMatch(/^gnt_[\w-]{43}$/);
  const [row] = await database().select().from(apiTokens).where(eq(apiTokens.id, id));
  expect(row.tokenHash).toBe(createHash('sha256').update(secret).digest('hex'));
  expect(JSON.stringify([row, await listTokens(owner)])).not.toContain(secret);
  expect(await listTokens(owner)).toMatchObject([{ id, name: 'laptop', lastUsedAt: null }]);
});

test('a used token says when', async () => {
  const { secret, id } = await createToken(owner, 'used');
  expect(await viewerOfToken(secret)).toEqual(owner);
  expect((await listTokens(owner)).find((token) => token.id === id)!.lastUsedAt).not.toBeNull();
});

test('a revoked or expired token is nobody', async () => {
  const { secret, id } = await createToken(owner, 'revoked');
  await expect(revokeToken(other, id)).rejects.toMatchObject({ status: 404 });
  expect(await viewerOfToken(secret)).toEqual(owner);
  await revokeToken(owner, id);
  expect(await viewerOfToken(secret)).toBeNull();
  const expired = await createToken(owner, 'expired', new Date(Date.now() - 1000));
  expect(await viewerOfToken(expired.secret)).toBeNull();
});

test('an id that is none, a name that is none, and a twenty-first token are refused', async () => {
  await expect(revokeToken(owner, 'x')).rejects.toMatchObject({ status: 404 });
  await expect(createToken(owner, '  ')).rejects.toMatchObject({ status: 400 });
  const many = await person();
  for (let i = 0; i < 20; i++) await createToken(many, `token ${i}`);
  await expect(createToken(many, 'one more')).rejects.toMatchObject({ status: 409 });
});
