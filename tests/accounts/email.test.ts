// Codes by e-mail: proving an address, changing it, and a lost password; and where no mail is sent, none of it.
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeResetCode } from '../../lib/accounts/administer.ts';
import { peekCode } from '../../lib/accounts/codes.ts';
import { changePassword } from '../../lib/accounts/password.ts';
import { signUp } from '../../lib/accounts/profile.ts';
import { askForReset, resetPassword } from '../../lib/accounts/reset-password.ts';
import { addressToVerify, askToVerify, changeEmail, verifyEmail } from '../../lib/accounts/verify-email.ts';
import { signIn } from '../../lib/auth/sign-in.ts';
import { createToken, viewerOfToken } from '../../lib/auth/tokens.ts';
import type { User } from '../../lib/auth/users.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { emailCodes, users } from '../../lib/db/schema.ts';
import { env } from '../../lib/env.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { person } from '../evaluations/stage.ts';
import { account, browser, codeSentTo, mailTo, password, row, sessionsOf } from './stage.ts';

vi.hoisted(() => {
  Object.assign(process.env, { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'gauntlet@gauntlet.test', NEXTAUTH_URL: 'http://gauntlet.test' });
});

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const { SMTP_URL, MAIL_FROM } = env();
afterEach(() => void Object.assign(env(), { SMTP_URL, MAIL_FROM }));
/** A site without a mail server, until the test is over. */
const withoutMail = () => void Object.assign(env(), { SMTP_URL: undefined, MAIL_FROM: undefined });

const from = (address: string) => ({ address, userAgent: '' });
const fresher = 'a newer password';
let network = 0;
async function resetCodeOf(user: User): Promise<string> {
  await askForReset(user.email, `10.1.0.${network++}`);
  return codeSentTo(user.email);
}
async function proved(): Promise<User> {
  const user = await account();
  await askToVerify(user);
  await verifyEmail(user, await codeSentTo(user.email));
  return user;
}

describe('an address', () => {
  test('is asked to be verified at sign-up, and is by the code that was sent to it', async () => {
    const user = await signUp({ name: 'Ana', email: 'new@uni.test', password }, '9.9.9.9');
    expect(await row(user)).toMatchObject({ emailVerifiedAt: null });
    const code = await codeSentTo('new@uni.test');
    expect(await addressToVerify(user, code)).toBe('new@uni.test');
    expect(await verifyEmail(user, code)).toBe('new@uni.test');
    expect(await row(user)).toMatchObject({ emailVerifiedAt: expect.any(Date) });
    await expect(verifyEmail(user, code)).rejects.toMatchObject({ status: 400 });
    await expect(askToVerify(user)).rejects.toMatchObject({ status: 409 });
  });

  test('changes when the new one is proved, not before, and the old one is told', async () => {
    const user = await proved();
    expect(await changeEmail(user, 'Moved@Uni.test', password)).toBe('sent');
    expect(await row(user)).toMatchObject({ email: user.email, emailVerifiedAt: expect.any(Date) });
    await verifyEmail(user, await codeSentTo('moved@uni.test'));
    expect(await row(user)).toMatchObject({ email: 'moved@uni.test', emailVerifiedAt: expect.any(Date) });
    expect((await mailTo(user.email)).at(-1)!.subject).toMatch(/another address/);
  });

  test("does not change without the password, to somebody's, or to the same", async () => {
    const user = await account();
    const other = await account();
    await expect(changeEmail(user, 'x@uni.test', 'not the password')).rejects.toMatchObject({ status: 403 });
    await expect(changeEmail(user, other.email.toUpperCase(), password)).rejects.toMatchObject({ status: 409 });
    await expect(changeEmail(user, user.email, password)).rejects.toMatchObject({ status: 409 });
    await expect(changeEmail(user, 'x at uni', password)).rejects.toMatchObject({ status: 400 });
  });

  test('that somebody else took meanwhile is not taken from them', async () => {
    const user = await account();
    await changeEmail(user, 'wanted@uni.test', password);
    await account({ email: 'wanted@uni.test' });
    await expect(verifyEmail(user, await codeSentTo('wanted@uni.test'))).rejects.toMatchObject({ status: 409 });
    expect(await row(user)).toMatchObject({ email: user.email });
  });

  test('changes at once and unproved where no mail is sent', async () => {
    const user = await proved();
    withoutMail();
    expect(await changeEmail(user, 'unmailed@uni.test', password)).toBe('changed');
    expect(await row(user)).toMatchObject({ email: 'unmailed@uni.test', emailVerifiedAt: null });
    await expect(askToVerify(user)).rejects.toMatchObject({ status: 409 });
    await signUp({ name: 'Ana', email: 'quiet@uni.test', password }, '9.9.9.9');
    expect(await mailTo('quiet@uni.test')).toEqual([]);
  });
});

describe('a code', () => {
  test('is stored as its hash alone, and is worth nothing after an hour', async () => {
    const user = await account();
    await askToVerify(user);
    const code = await codeSentTo(user.email);
    const [stored] = await database().select().from(emailCodes).where(eq(emailCodes.userId, user.id));
    expect(JSON.stringify(stored)).not.toContain(code);
    const minutes = (stored.expiresAt.getTime() - stored.createdAt.getTime()) / 60_000;
    expect(minutes).toBe(60);
    await rawSql()`update email_codes set expires_at = now() where user_id = ${user.id}`;
    expect(await peekCode('verify-email', code)).toBeNull();
    await expect(verifyEmail(user, code)).rejects.toMatchObject({ status: 400 });
  });

  test('of one purpose does not serve another', async () => {
    const user = await account();
    await askToVerify(user);
    await expect(resetPassword(await codeSentTo(user.email), fresher)).rejects.toMatchObject({ status: 400 });
    await expect(verifyEmail(user, await resetCodeOf(user))).rejects.toMatchObject({ status: 400 });
  });

  test('goes out three times an hour and no more', async () => {
    const user = await account();
    for (let i = 0; i < 3; i++) await askToVerify(user);
    await expect(askToVerify(user)).rejects.toMatchObject({ status: 429 });
    for (let i = 0; i < 5; i++) await resetCodeOf(user);
    expect(await mailTo(user.email)).toHaveLength(6);
  });
});

describe('a lost password', () => {
  test('is set anew by the code, which signs out every browser and is spent', async () => {
    const user = await proved();
    await browser(user);
    const { secret } = await createToken(user, 'script');
    const code = await resetCodeOf(user);
    await expect(resetPassword(code, 'short')).rejects.toMatchObject({ status: 400 });
    await resetPassword(code, fresher);
    expect(await signIn(user.email, password, from('10.2.0.1'))).toBe('wrong');
    expect(await sessionsOf(user)).toBe(0);
    expect(await signIn(user.email, fresher, from('10.2.0.1'))).toMatchObject({ id: user.id });
    // The address was proved before, so that its tokens are its owner's.
    expect(await viewerOfToken(secret)).toMatchObject({ id: user.id });
    await expect(resetPassword(code, password)).rejects.toMatchObject({ status: 400 });
  });

  test('of an address without an account does the same to the eye: nothing', async () => {
    expect(await askForReset('nobody@uni.test', '10.3.0.1')).toBeUndefined();
    expect(await askForReset((await account()).email, '10.3.0.1')).toBeUndefined();
    expect(await mailTo('nobody@uni.test')).toEqual([]);
  });

  test('is asked for sixty times from an address in a quarter of an hour, for whoever', async () => {
    for (let i = 0; i < 60; i++) await askForReset(`nobody${i}@uni.test`, '10.4.0.1');
    const user = await account();
    await askForReset(user.email, '10.4.0.1');
    expect(await mailTo(user.email)).toEqual([]);
    await askForReset(user.email, '10.4.0.2');
    expect(await mailTo(user.email)).toHaveLength(1);
  });

  test('ends a change of address that somebody else began', async () => {
    const user = await proved();
    await changeEmail(user, 'thief@evil.test', password);
    const pending = await codeSentTo('thief@evil.test');
    await resetPassword(await resetCodeOf(user), fresher);
    await expect(verifyEmail(user, pending)).rejects.toMatchObject({ status: 400 });
    expect(await row(user)).toMatchObject({ email: user.email });
  });

  test('is not set by a code that went to the address before it changed', async () => {
    const user = await proved();
    const code = await resetCodeOf(user);
    await database().update(users).set({ email: 'since-changed@uni.test' }).where(eq(users.id, user.id));
    await expect(resetPassword(code, fresher)).rejects.toMatchObject({ status: 400 });
  });

  test('is not set for a disabled account', async () => {
    const user = await proved();
    const code = await resetCodeOf(user);
    await database().update(users).set({ disabledAt: new Date() }).where(eq(users.id, user.id));
    await expect(resetPassword(code, fresher)).rejects.toMatchObject({ status: 400 });
    const before = await mailTo(user.email);
    await askForReset(user.email, '10.5.0.1');
    expect(await mailTo(user.email)).toEqual(before);
  });

  test('is set by a link that an administrator hands over, which proves no address', async () => {
    withoutMail();
    const user = await account();
    await askForReset(user.email, '10.6.0.1');
    expect(await mailTo(user.email)).toEqual([]);
    await expect(makeResetCode(await person('instructor'), user.id)).rejects.toMatchObject({ status: 403 });
    await resetPassword(await makeResetCode(await person('administrator'), user.id), fresher);
    expect(await signIn(user.email, fresher, from('10.6.0.1'))).toMatchObject({ id: user.id });
    expect(await row(user)).toMatchObject({ emailVerifiedAt: null });
  });
});

describe('a password', () => {
  test('changes by the old one, and every other browser is signed out', async () => {
    const user = await account();
    const here = await browser(user);
    await browser(user, 'Another');
    await expect(changePassword(user, 'not the password', fresher, here)).rejects.toMatchObject({ status: 403 });
    await expect(changePassword(user, password, 'short', here)).rejects.toMatchObject({ status: 400 });
    expect(await sessionsOf(user)).toBe(2);
    await changePassword(user, password, fresher, here);
    expect(await sessionsOf(user)).toBe(1);
    expect(await signIn(user.email, fresher, from('10.7.0.1'))).toMatchObject({ id: user.id });
  });

  test('is not guessed by a browser that was left signed in', async () => {
    const user = await account();
    const here = await browser(user);
    for (let i = 0; i < 10; i++) {
      await expect(changePassword(user, `guess number ${i}`, fresher, here)).rejects.toMatchObject({ status: 403 });
    }
    await expect(changePassword(user, password, fresher, here)).rejects.toMatchObject({ status: 429 });
  });

  test('is set without an old one by an account that had none', async () => {
    const user = await account();
    await database().update(users).set({ passwordHash: null }).where(eq(users.id, user.id));
    await changePassword(user, '', fresher, await browser(user));
    expect(await signIn(user.email, fresher, from('10.8.0.1'))).toMatchObject({ id: user.id });
  });
});
