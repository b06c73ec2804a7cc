// Signing in with an account elsewhere, and every way in which somebody could take over somebody else by it.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { linkTo, signInWith, type Refusal } from '../../lib/accounts/federated.ts';
import { resetPassword, askForReset } from '../../lib/accounts/reset-password.ts';
import { askToVerify, verifyEmail } from '../../lib/accounts/verify-email.ts';
import { linkIdentity, listIdentities, unlinkIdentity } from '../../lib/auth/identities.ts';
import { profileOf, type Profile } from '../../lib/auth/providers.ts';
import type { SignedIn } from '../../lib/auth/sign-in.ts';
import { signIn } from '../../lib/auth/sign-in.ts';
import { createToken, viewerOfToken } from '../../lib/auth/tokens.ts';
import type { User } from '../../lib/auth/users.ts';
import { database } from '../../lib/db/client.ts';
import { members, rosterPlaces, users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';
import { account, browser, codeSentTo, mailTo, password, row, sessionsOf } from './stage.ts';

vi.hoisted(() => {
  Object.assign(process.env, { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'gauntlet@gauntlet.test', NEXTAUTH_URL: 'http://gauntlet.test' });
});

const issuer = 'https://login.uni.test';
let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

let n = 0;
let subject: string;
beforeEach(() => {
  subject = `subject-${n++}`;
});

/** What the university says of somebody with that address. */
const says = (email: string | null, emailVerified = true): Profile =>
  ({ id: subject, name: 'Ana of the university', email, emailVerified });
const enter = (profile: Profile, provider = issuer): Promise<SignedIn | Refusal> => signInWith(provider, profile, 'Firefox');
const newAddress = () => `ana${n++}@uni.test`;
const asViewer = (id: string) => ({ id, name: 'Ana', role: 'student' as const });
const from = { address: '10.0.0.1', userAgent: '' };

async function proved(user: User): Promise<User> {
  await askToVerify(user);
  await verifyEmail(user, await codeSentTo(user.email));
  return user;
}

describe('somebody new', () => {
  test('gets a student account with the address the provider vouches for, and the same one ever after', async () => {
    const email = newAddress();
    const first = (await enter(says(email))) as SignedIn;
    expect(await row(first)).toMatchObject({
      email, name: 'Ana of the university', role: 'student', passwordHash: null, emailVerifiedAt: expect.any(Date),
    });
    const again = (await enter({ ...says('another@uni.test'), name: 'Renamed' })) as SignedIn;
    expect(again.id).toBe(first.id);
    expect(again.sessionId).not.toBe(first.sessionId);
    expect(await row(first)).toMatchObject({ email, name: 'Ana of the university' });
  });

  test('gets an unproved one where the provider does not vouch, and none without an address', async () => {
    const made = (await enter(says(newAddress(), false))) as SignedIn;
    expect(await row(made)).toMatchObject({ emailVerifiedAt: null });
    subject = 'without an address';
    expect(await enter(says(null))).toBe('no-email');
  });

  test('takes the place that a class list holds for the proved address, and none for an unproved one', async () => {
    const { id: challengeId } = await challengeOf(protocol, await person('instructor'));
    const [mine, hers] = [newAddress(), newAddress()];
    const places = [mine, hers].map((email) => ({ challengeId, email: email.toUpperCase(), name: 'Somebody' }));
    await database().insert(rosterPlaces).values(places);
    const { id } = (await enter(says(mine))) as SignedIn;
    subject = 'a liar';
    await enter(says(hers, false));
    const placed = await database().select().from(members).where(eq(members.challengeId, challengeId));
    expect(placed.filter(({ role }) => role === 'student').map(({ userId }) => userId)).toEqual([id]);
  });

  test('subjects of two providers are two people', async () => {
    const one = (await enter(says(newAddress()))) as SignedIn;
    const other = (await enter(says(newAddress()), 'https://login.elsewhere.test')) as SignedIn;
    expect(other.id).not.toBe(one.id);
  });
});

describe('an account of the same address', () => {
  test('is linked when both sides have proved the address, and its owner is told', async () => {
    const local = await proved(await account());
    const entered = (await enter(says(local.email))) as SignedIn;
    expect(entered.id).toBe(local.id);
    expect(await listIdentities(local)).toMatchObject([{ provider: issuer, subject }]);
    expect((await mailTo(local.email)).at(-1)!.subject).toMatch(/Another way to sign in/);
  });

  test('is not linked on the word of a provider that does not vouch', async () => {
    const local = await proved(await account());
    expect(await enter(says(local.email, false))).toBe('unproved-there');
    expect(await listIdentities(local)).toEqual([]);
    expect(await sessionsOf(local)).toBe(0);
  });

  test('is not linked when it never proved the address: whoever made it may be waiting for its owner', async () => {
    const squatter = await account();
    expect(await enter(says(squatter.email))).toBe('unproved-here');
    expect(await listIdentities(squatter)).toEqual([]);
    expect(await row(squatter)).toMatchObject({ emailVerifiedAt: null });
  });

  test('that is disabled lets nobody in, linked or to be linked', async () => {
    const local = await proved(await account());
    await enter(says(local.email));
    await database().update(users).set({ disabledAt: new Date() }).where(eq(users.id, local.id));
    expect(await enter(says(local.email))).toBe('disabled');
    subject = 'not linked yet';
    expect(await enter(says(local.email))).toBe('disabled');
    expect(await listIdentities(local)).toHaveLength(1);
  });
});

describe('the owner of a squatted address', () => {
  test('gets the account by resetting its password, and the squatter keeps no way in', async () => {
    const squatter = await account();
    const token = await createToken(squatter, 'kept in reserve');
    await browser(squatter);
    await database().transaction((tx) => linkIdentity(tx, squatter.id, { provider: 'github', subject: 'the squatter' }));

    await askForReset(squatter.email, '10.0.0.1');
    await resetPassword(await codeSentTo(squatter.email), 'the owner has another');
    expect(await signIn(squatter.email, password, from)).toBe('wrong');
    expect(await sessionsOf(squatter)).toBe(0);
    expect(await viewerOfToken(token.secret)).toBeNull();
    expect(await listIdentities(squatter)).toEqual([]);

    const owner = (await enter(says(squatter.email))) as SignedIn;
    expect(owner.id).toBe(squatter.id);
  });

  test('does not prove it for the squatter by opening the mail that the squatter asked for', async () => {
    const squatter = await account();
    await askToVerify(squatter);
    const code = await codeSentTo(squatter.email);
    const owner = await account();
    await expect(verifyEmail(owner, code)).rejects.toMatchObject({ status: 403 });
    expect(await row(squatter)).toMatchObject({ emailVerifiedAt: null });
    expect(await enter(says(squatter.email))).toBe('unproved-here');
  });
});

describe('linking while signed in', () => {
  test('links whatever the address, and signs in from then on', async () => {
    const local = await account();
    expect(await linkTo(local.id, issuer, says('quite-another@uni.test', false))).toBe('linked');
    expect(await row(local)).toMatchObject({ email: local.email, emailVerifiedAt: null });
    expect(((await enter(says('quite-another@uni.test', false))) as SignedIn).id).toBe(local.id);
    expect(await linkTo(local.id, issuer, says(null))).toBe('linked');
    expect(await listIdentities(local)).toHaveLength(1);
  });

  test('proves the address when it is the same and the provider vouches', async () => {
    const local = await account();
    await linkTo(local.id, issuer, says(local.email));
    expect(await row(local)).toMatchObject({ emailVerifiedAt: expect.any(Date) });
  });

  test('does not take an identity from another account', async () => {
    const { id } = (await enter(says(newAddress()))) as SignedIn;
    const thief = await account();
    expect(await linkTo(thief.id, issuer, says(thief.email))).toBe('linked-elsewhere');
    expect(await listIdentities(asViewer(id))).toHaveLength(1);
    expect(await listIdentities(thief)).toEqual([]);
  });
});

describe('unlinking', () => {
  test('is refused for the only way in, and done where a password or another identity stays', async () => {
    const { id } = (await enter(says(newAddress()))) as SignedIn;
    const viewer = asViewer(id);
    await expect(unlinkIdentity(viewer, { provider: issuer, subject })).rejects.toMatchObject({ status: 409 });
    await linkTo(id, 'github', { ...says(null), id: '77' });
    await unlinkIdentity(viewer, { provider: issuer, subject });
    await expect(unlinkIdentity(viewer, { provider: 'github', subject: '77' })).rejects.toMatchObject({ status: 409 });
    await database().update(users).set({ passwordHash: 'some hash' }).where(eq(users.id, id));
    await unlinkIdentity(viewer, { provider: 'github', subject: '77' });
    expect(await listIdentities(viewer)).toEqual([]);
  });

  test("never takes another's", async () => {
    const { id } = (await enter(says(newAddress()))) as SignedIn;
    await expect(unlinkIdentity(await account(), { provider: issuer, subject })).rejects.toMatchObject({ status: 404 });
    expect(await listIdentities(asViewer(id))).toHaveLength(1);
  });
});

test.each([
  [true, true],
  ['true', true],
  [false, false],
  ['false', false],
  [undefined, false],
  ['yes', false],
])('email_verified %j vouches: %j', (said, vouches) => {
  const profile = { id: 's', name: 'ana', email: 'ana@uni.test', emailVerified: vouches };
  expect(profileOf('s', undefined, ' Ana@Uni.test ', said)).toEqual(profile);
});
