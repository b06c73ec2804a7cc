// Who a request comes from: session cookies that can be revoked, API tokens, and no change from another site's page.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { asStudentCookie, signedInViewerOf, viewerOf } from '../../lib/auth/session.ts';
import { endAllOwnSessions, endOtherSessions, endSession, expireSessions, listSessions, startSession } from '../../lib/auth/sessions.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import { createUser, type User } from '../../lib/auth/users.ts';
import { database } from '../../lib/db/client.ts';
import { sessions, users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';

const { secret } = vi.hoisted(() => {
  const made = 'a secret of the tests, long enough for it';
  process.env.NEXTAUTH_SECRET = made;
  return { secret: made };
});

let fresh: FreshDatabase;
let user: User;
beforeAll(async () => {
  fresh = await freshDatabase();
  user = await createUser({ name: 'Ana', email: 'ana@uni.test', password: 'a long password' });
});
afterAll(() => fresh.drop());

const site = 'http://gauntlet.test';
const cookieOf = async (claims: object, by = secret) => `next-auth.session-token=${await encode({ token: { ...claims }, secret: by })}`;
const start = (userAgent = '') => database().transaction((tx) => startSession(tx, user.id, userAgent));
const cookieFor = (sid: string) => cookieOf({ sub: user.id, sid });
const session = async () => cookieFor(await start());
const request = (headers: Record<string, string>, method = 'GET') => new Request(`${site}/api/v1/drafts`, { method, headers });

test('nobody signed in is a visitor, and is told how to sign in where that is needed', async () => {
  expect(await viewerOf(request({}))).toBeNull();
  await expect(signedInViewerOf(request({}))).rejects.toMatchObject({ status: 401 });
});

test('a session is the user of the table, as the table is now', async () => {
  const cookie = await session();
  expect(await viewerOf(request({ cookie }))).toEqual({ id: user.id, name: 'Ana', role: 'student' });
  await database().update(users).set({ role: 'instructor' }).where(eq(users.id, user.id));
  expect(await viewerOf(request({ cookie }))).toMatchObject({ role: 'instructor' });
});

test('a session ends by itself, and with the account that is disabled', async () => {
  const sid = await start();
  const cookie = await cookieFor(sid);
  await database().update(users).set({ disabledAt: new Date() }).where(eq(users.id, user.id));
  expect(await viewerOf(request({ cookie }))).toBeNull();
  await database().update(users).set({ disabledAt: null }).where(eq(users.id, user.id));
  expect(await viewerOf(request({ cookie }))).toMatchObject({ id: user.id });
  await database().update(sessions).set({ expiresAt: new Date(Date.now() - 1) }).where(eq(sessions.id, sid));
  expect(await viewerOf(request({ cookie }))).toBeNull();
  const kept = await start();
  await expireSessions(new Date());
  const left = (await database().select().from(sessions)).map(({ id }) => id);
  expect([left.includes(sid), left.includes(kept)]).toEqual([false, true]);
});

test('sessions are listed with their browsers, and ended one by one, all others, or all', async () => {
  await endAllOwnSessions(user);
  const laptop = await start('Laptop');
  const phone = await start('x'.repeat(300));
  const library = await start('Library');
  const listed = await listSessions(user, phone);
  expect(listed.map(({ id }) => id).sort()).toEqual([laptop, phone, library].sort());
  expect(listed.find(({ current }) => current)).toMatchObject({ id: phone, userAgent: 'x'.repeat(200) });

  const stranger = await createUser({ name: 'Eve', email: 'eve@uni.test', password: 'a long password' });
  await expect(endSession(stranger, library)).rejects.toMatchObject({ status: 404 });
  await endSession(user, library);
  expect(await viewerOf(request({ cookie: await cookieFor(library) }))).toBeNull();
  expect(await viewerOf(request({ cookie: await cookieFor(laptop) }))).not.toBeNull();

  expect(await endOtherSessions(user, phone)).toBe(1);
  expect(await viewerOf(request({ cookie: await cookieFor(laptop) }))).toBeNull();
  expect(await viewerOf(request({ cookie: await cookieFor(phone) }))).not.toBeNull();

  await endAllOwnSessions(user);
  expect(await viewerOf(request({ cookie: await cookieFor(phone) }))).toBeNull();
  await expect(endSession(user, phone)).rejects.toMatchObject({ status: 404 });
});

test("nobody's session is another account's", async () => {
  const other = await createUser({ name: 'Olaf', email: 'olaf@uni.test', password: 'a long password' });
  const sid = await start();
  expect(await viewerOf(request({ cookie: await cookieOf({ sub: other.id, sid }) }))).toBeNull();
});

test('being seen is noted, but not at every look', async () => {
  const sid = await start();
  const seenAt = async () => (await database().select().from(sessions).where(eq(sessions.id, sid)))[0].lastSeenAt.getTime();
  const first = await seenAt();
  await viewerOf(request({ cookie: await cookieFor(sid) }));
  expect(await seenAt()).toBe(first);
  await database().update(sessions).set({ lastSeenAt: new Date(Date.now() - 3600_000) }).where(eq(sessions.id, sid));
  await viewerOf(request({ cookie: await cookieFor(sid) }));
  expect(Date.now() - (await seenAt())).toBeLessThan(60_000);
});

test('viewing as a student is of the browser that chose it, and of no API token', async () => {
  const cookie = `${await session()}; ${asStudentCookie}=1`;
  expect(await viewerOf(request({ cookie }))).toMatchObject({ id: user.id, asStudent: true });
  const { secret: token } = await createToken(user, 'script');
  expect(await viewerOf(request({ cookie, authorization: `Bearer ${token}` }))).not.toHaveProperty('asStudent');
});

test.each([
  ['sealed with another secret', () => cookieOf({ sub: user.id, sid: randomUUID() }, 'another secret, which is as long as ours')],
  ['without a session id', () => cookieOf({ sub: user.id })],
  ['with a made-up session id', () => cookieOf({ sub: user.id, sid: randomUUID() })],
  ['that is no token', async () => 'next-auth.session-token=nonsense'],
])('a cookie %s is no session', async (_, cookie) => {
  expect(await viewerOf(request({ cookie: await cookie() }))).toBeNull();
});

describe('a session cookie changes something only from a page of this site', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['the browser says same-origin', { 'sec-fetch-site': 'same-origin' }, true],
    ['the browser says cross-site', { 'sec-fetch-site': 'cross-site' }, false],
    ['the browser says same-site, which a neighbour can be', { 'sec-fetch-site': 'same-site' }, false],
    ['the origin is ours', { origin: site, host: 'gauntlet.test' }, true],
    ['the origin is another', { origin: 'http://evil.test', host: 'gauntlet.test' }, false],
    ['the origin is opaque', { origin: 'null', host: 'gauntlet.test' }, false],
    ['nothing is said', {}, false],
  ])('%s', async (_, headers, allowed) => {
    const asked = viewerOf(request({ ...headers, cookie: await session() }, 'POST'));
    if (allowed) expect(await asked).toMatchObject({ id: user.id });
    else await expect(asked).rejects.toMatchObject({ status: 403 });
  });
});

describe('an API token', () => {
  test('speaks for its user, from anywhere', async () => {
    const { secret: token } = await createToken(user, 'laptop');
    const asked = request({ authorization: `Bearer ${token}`, 'sec-fetch-site': 'cross-site' }, 'POST');
    expect(await viewerOf(asked)).toMatchObject({ id: user.id });
  });

  test('that is unknown is refused, and the session beside it is not used instead', async () => {
    const headers = { authorization: 'Bearer gnt_unknown', cookie: await session() };
    await expect(viewerOf(request(headers))).rejects.toMatchObject({ status: 401 });
  });

  test('is not what a session token is', async () => {
    const sealed = (await session()).split('=')[1];
    await expect(viewerOf(request({ authorization: `Bearer ${sealed}` }))).rejects.toMatchObject({ status: 401 });
  });
});
