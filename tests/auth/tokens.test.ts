// API tokens: shown once, kept as a hash, revoked by their owner alone.
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requireScope, scopeNames } from '../../lib/auth/scopes.ts';
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
  expect(await viewerOfToken(secret)).toEqual({ ...owner, scopes: scopeNames });
  expect((await listTokens(owner)).find((token) => token.id === id)!.lastUsedAt).not.toBeNull();
});

test('a revoked or expired token is nobody', async () => {
  const { secret, id } = await createToken(owner, 'revoked');
  await expect(revokeToken(other, id)).rejects.toMatchObject({ status: 404 });
  expect(await viewerOfToken(secret)).toEqual({ ...owner, scopes: scopeNames });
  await revokeToken(owner, id);
  expect(await viewerOfToken(secret)).toBeNull();
  const expired = await createToken(owner, 'expired', { expiresAt: new Date(Date.now() - 1000) });
  expect(await viewerOfToken(expired.secret)).toBeNull();
});

test('an id that is none, a name that is none, and a twenty-first token are refused', async () => {
  await expect(revokeToken(owner, 'x')).rejects.toMatchObject({ status: 404 });
  await expect(createToken(owner, '  ')).rejects.toMatchObject({ status: 400 });
  const many = await person();
  for (let i = 0; i < 20; i++) await createToken(many, `token ${i}`);
  await expect(createToken(many, 'one more')).rejects.toMatchObject({ status: 409 });
});

test('a token has the scopes and the life that were chosen: all and 180 days unless said otherwise', async () => {
  const made = await createToken(owner, 'reader', { scopes: ['read'], expiresAt: null });
  expect(made).toMatchObject({ scopes: ['read'], expiresAt: null });
  const reader = (await viewerOfToken(made.secret))!;
  expect(() => requireScope(reader, 'read')).not.toThrow();
  expect(() => requireScope(reader, 'submit')).toThrow(/takes "submit"/);
  expect(() => requireScope(owner, 'manage')).not.toThrow();
  expect(() => requireScope(null, 'read')).not.toThrow();

  const { expiresAt } = await createToken(owner, 'default');
  expect((Date.parse(expiresAt!) - Date.now()) / 86_400_000).toBeCloseTo(180, 2);
});

test('a scope that is none, none at all, and more than the asking token has are refused', async () => {
  await expect(createToken(owner, 'odd', { scopes: ['everything'] })).rejects.toMatchObject({ status: 400 });
  await expect(createToken(owner, 'none', { scopes: [] })).rejects.toMatchObject({ status: 400 });
  const reader = { ...owner, scopes: ['read'] as const };
  await expect(createToken(reader, 'more', { scopes: ['read', 'submit'] })).rejects.toMatchObject({ status: 403 });
  expect(await createToken(reader, 'as much')).toMatchObject({ scopes: ['read'] });
});
