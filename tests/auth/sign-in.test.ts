// Local accounts: made once an e-mail address, checked by hash, and guessing slowed down.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn } from '../../lib/auth/sign-in.ts';
import { listSessions } from '../../lib/auth/sessions.ts';
import { createUser, findUserByEmail } from '../../lib/auth/users.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const from = (address: string) => ({ address, userAgent: 'A browser' });
const ana = { name: 'Ana', email: 'Ana@Uni.test', password: 'a long password' };

test('an account keeps a hash of its password, and is a student unless the platform says otherwise', async () => {
  const user = await createUser(ana);
  expect(user).toMatchObject({ name: 'Ana', email: 'ana@uni.test', role: 'student' });
  const [row] = await database().select().from(users).where(eq(users.id, user.id));
  expect(row.passwordHash).toMatch(/^\$argon2id\$/);
  expect(JSON.stringify(row)).not.toContain(ana.password);
  expect(await createUser({ ...ana, email: 'ines@uni.test', role: 'instructor' })).toMatchObject({ role: 'instructor' });
});

test('an e-mail address has one account, whatever the case of its letters', async () => {
  await expect(createUser({ ...ana, email: 'ANA@uni.test' })).rejects.toMatchObject({ status: 409 });
  expect(await findUserByEmail(' aNa@uni.TEST ')).toMatchObject({ name: 'Ana' });
  expect(await findUserByEmail('nobody@uni.test')).toBeNull();
});

test.each([
  [{ password: 'too short' }, /at least 10 characters/],
  [{ email: 'ana at uni' }, /e-mail address/],
  [{ name: '   ' }, /name/],
])('%o is refused with what is wanted', async (wrong, message) => {
  await expect(createUser({ ...ana, email: 'new@uni.test', ...wrong })).rejects.toThrow(message);
});

test('signing in gives the session of the right password only', async () => {
  const [row] = await database().select().from(users).where(eq(users.email, 'ana@uni.test'));
  expect(await signIn('ANA@uni.test', ana.password, from('10.0.0.1'))).toEqual({ id: row.id, sessionId: expect.any(String) });
  expect(await listSessions({ ...ana, id: row.id, role: 'student' }, null)).toMatchObject([{ userAgent: 'A browser', current: false }]);
  expect(await signIn('ana@uni.test', 'a long passwore', from('10.0.0.1'))).toBe('wrong');
  expect(await signIn('nobody@uni.test', ana.password, from('10.0.0.1'))).toBe('wrong');
});

test('an account without a password cannot be signed in to with any', async () => {
  await database().insert(users).values({ name: 'Elsewhere', email: 'elsewhere@uni.test' });
  expect(await signIn('elsewhere@uni.test', '', from('10.0.0.1'))).toBe('wrong');
});

test('a disabled account is told so only by its own password', async () => {
  const { id } = await createUser({ ...ana, email: 'closed@uni.test' });
  await database().update(users).set({ disabledAt: new Date() }).where(eq(users.id, id));
  expect(await signIn('closed@uni.test', ana.password, from('10.0.0.1'))).toBe('disabled');
  expect(await signIn('closed@uni.test', 'a long passwore', from('10.0.0.1'))).toBe('wrong');
});

test('ten wrong guesses from an address close the account to it for a while, and to no other address', async () => {
  for (let i = 0; i < 10; i++) expect(await signIn('ines@uni.test', `guess number ${i}`, from('10.0.0.9'))).toBe('wrong');
  expect(await signIn('ines@uni.test', ana.password, from('10.0.0.9'))).toBe('throttled');
  expect(await signIn('ines@uni.test', ana.password, from('10.0.0.10'))).toHaveProperty('sessionId');
});

test('guesses at one moment are counted one by one, and a right password gives back what it took', async () => {
  const { email } = await createUser({ ...ana, email: 'many@uni.test' });
  const guesses = await Promise.all(Array.from({ length: 14 }, (_, i) => signIn(email, `guess number ${i}`, from('10.0.0.11'))));
  expect(guesses.filter((answer) => answer === 'wrong')).toHaveLength(10);
  expect(guesses.filter((answer) => answer === 'throttled')).toHaveLength(4);
  for (let i = 0; i < 12; i++) expect(await signIn(email, ana.password, from('10.0.0.12'))).toHaveProperty('sessionId');
});

test('a throttle opens again after its window, and holds for every process: it is in the database', async () => {
  expect(await signIn('many@uni.test', ana.password, from('10.0.0.11'))).toBe('throttled');
  await rawSql()`update rate_limits set ends_at = now() where key like 'sign-in %'`;
  expect(await signIn('many@uni.test', ana.password, from('10.0.0.11'))).toHaveProperty('sessionId');
});

test('one password tried on many accounts is stopped by the address', async () => {
  expect(await signIn('spray@uni.test', 'password123', from('10.0.0.13'))).toBe('wrong');
  await rawSql()`update rate_limits set used = 1000 where key like 'sign-in address %'`;
  expect(await signIn('next@uni.test', 'password123', from('10.0.0.13'))).toBe('throttled');
});

test('an account is closed to everybody after a hundred wrong guesses from anywhere', async () => {
  await rawSql()`update rate_limits set used = 100 where key like 'sign-in account %'`;
  expect(await signIn('many@uni.test', ana.password, from('10.0.0.14'))).toBe('throttled');
});
