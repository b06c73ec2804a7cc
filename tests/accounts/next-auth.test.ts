// What this site tells next-auth: whose session a token names, and nothing of an error in an address.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Account, User as NextUser } from 'next-auth';
import { authOptions } from '../../lib/accounts/next-auth.ts';
import { listIdentities } from '../../lib/auth/identities.ts';
import { providers } from '../../lib/auth/providers.ts';
import { connect, disconnect } from '../../lib/db/client.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { account, browser as browserOf, sessionsOf } from './stage.ts';

vi.hoisted(() => {
  const oidc = { OIDC_ISSUER: 'https://login.uni.test', OIDC_CLIENT_ID: 'id', OIDC_CLIENT_SECRET: 'secret' };
  Object.assign(process.env, { NEXTAUTH_SECRET: 'a secret of the tests, long enough for it', LOG_LEVEL: 'fatal', ...oidc });
});

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const browser = { address: '10.0.0.1', userAgent: 'Firefox' };
const elsewhere = (subject: string): Account => ({ provider: 'oidc', type: 'oauth', providerAccountId: subject });
const says = (email: string | null) => ({ id: 'as the provider says', name: 'Ana', email, emailVerified: true }) as NextUser;

test('somebody let in from elsewhere becomes our account, whose session the token names', async () => {
  const { signIn, jwt } = authOptions({ browser, linking: null }).callbacks!;
  const user = says('ana@uni.test');
  expect(await signIn!({ user, account: elsewhere('s1') })).toBe(true);
  const token = await jwt!({ token: {}, user, account: elsewhere('s1') });
  expect(token).toEqual({ sub: user.id, sid: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(await sessionsOf(user)).toBe(1);
  // Later the token stays what it is.
  expect(await jwt!({ token, user: undefined as never, account: null })).toBe(token);
});

test('who is not let in is sent back with the reason', async () => {
  const { signIn } = authOptions({ browser, linking: null }).callbacks!;
  expect(await signIn!({ user: says(null), account: elsewhere('s2') })).toBe('/login?error=no-email');
});

test('a session that asked for it gets the account elsewhere linked, and stays the session it is', async () => {
  const local = await account();
  const linking = { id: await browserOf(local), viewer: local };
  const { signIn, jwt } = authOptions({ browser, linking }).callbacks!;
  const user = says('another@uni.test');
  expect(await signIn!({ user, account: elsewhere('s3') })).toBe(true);
  expect(await jwt!({ token: {}, user, account: elsewhere('s3') })).toEqual({ sub: local.id, sid: linking.id });
  expect(await listIdentities(local)).toMatchObject([{ provider: providers()[0].key, subject: 's3' }]);
  const other = authOptions({ browser, linking: { id: 'x', viewer: await account() } }).callbacks!;
  expect(await other.signIn!({ user: says(null), account: elsewhere('s3') })).toBe('/account?refused=linked-elsewhere');
});

test('signing out ends the session', async () => {
  const local = await account();
  const sid = await browserOf(local);
  const { signOut } = authOptions({ browser, linking: null }).events!;
  await signOut!({ token: { sub: local.id, sid }, session: undefined as never });
  expect(await sessionsOf(local)).toBe(0);
  await signOut!({ token: { sub: local.id, sid }, session: undefined as never });
});

test('an error of the database is not told to whoever signs in', async () => {
  await disconnect();
  connect('postgres://nobody:hidden@127.0.0.1:1/none');
  const { signIn } = authOptions({ browser, linking: null }).callbacks!;
  await expect(signIn!({ user: says('ana@uni.test'), account: elsewhere('s4') })).rejects.toThrow(/^broken$/);
  await disconnect();
  connect(fresh.url);
});
