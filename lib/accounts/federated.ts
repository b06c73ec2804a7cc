// Signing in with an account elsewhere: which account here it is, or that there must be none. This decides who can take over whom.
import { eq } from 'drizzle-orm';
import { linkIdentity, userOfIdentity, type Identity } from '../auth/identities.ts';
import type { Profile } from '../auth/providers.ts';
import type { SignedIn } from '../auth/sign-in.ts';
import { startSession } from '../auth/sessions.ts';
import { findCredentials } from '../auth/users.ts';
import { database, type Transaction } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { mailConfigured } from '../mail/configured.ts';
import { sendMail } from '../mail/send-mail.ts';
import { markVerified } from './verified.ts';

/** Why somebody whom the provider let in is not let in here. */
export const refusals = {
  disabled: 'This account was disabled by an administrator.',
  'no-email':
    'That provider did not give an e-mail address, and an account here needs one. Let it share your address, or sign in another way.',
  'unproved-there':
    'There is an account with your e-mail address here, and that provider does not say that the address is yours. ' +
    'Sign in with your password, then link the two on your account page.',
  'unproved-here':
    'There is an account here that names your e-mail address and never proved that it owns it. If you made it, sign in with its password ' +
    'and link the two on your account page. If not, reset its password, which proves the address and shuts everybody else out.',
  'linked-elsewhere': 'That account is linked to another account here. Unlink it there first.',
} as const;
export type Refusal = keyof typeof refusals;

/**
 * The account that somebody whom a provider let in has here, with a new session.
 *
 * An unknown identity is linked to an account of the same address only when both sides have proved the address: the provider says
 * so, and the account here did. If the provider's word alone sufficed, anyone could make an account with somebody's address and a
 * password of their own, wait, and share it; if ours alone did, anyone could name any address at a provider that does not check.
 */
export async function signInWith(provider: string, profile: Profile, userAgent: string): Promise<SignedIn | Refusal> {
  return database().transaction(async (tx) => {
    const identity = { provider, subject: profile.id };
    const found = await userOfIdentity(tx, identity);
    const account = found ?? (await accountFor(tx, identity, profile));
    if (typeof account === 'string') return account;
    if (account.disabledAt) return 'disabled';
    await noteProof(tx, account.id, profile);
    return { id: account.id, sessionId: await startSession(tx, account.id, userAgent) };
  });
}

type Account = { id: string; disabledAt: Date | null };

async function accountFor(tx: Transaction, identity: Identity, profile: Profile): Promise<Account | Refusal> {
  if (!profile.email) return 'no-email';
  const here = await findCredentials(profile.email, tx);
  if (!here) return newAccount(tx, identity, profile, profile.email);
  if (!profile.emailVerified) return 'unproved-there';
  if (!here.emailVerifiedAt) return 'unproved-here';
  if (here.disabledAt) return 'disabled';
  await linkIdentity(tx, here.id, identity);
  await tellOfLink(tx, here.email);
  return here;
}

async function newAccount(tx: Transaction, identity: Identity, { name }: Profile, email: string): Promise<Account | Refusal> {
  const [made] = await tx.insert(users).values({ name: name.slice(0, 80), email }).onConflictDoNothing().returning();
  // Somebody has made an account of this address in this very moment: not proved, whoever it is.
  if (!made) return 'unproved-here';
  await linkIdentity(tx, made.id, identity);
  return made;
}

/** Links an identity to the account of whoever is signed in and asked for it. */
export async function linkTo(userId: string, provider: string, profile: Profile): Promise<'linked' | Refusal> {
  return database().transaction(async (tx) => {
    const identity = { provider, subject: profile.id };
    const owner = await userOfIdentity(tx, identity);
    if (owner && owner.id !== userId) return 'linked-elsewhere';
    const [user] = await tx.select({ email: users.email }).from(users).where(eq(users.id, userId));
    if (!owner) {
      if (!(await linkIdentity(tx, userId, identity))) return 'linked-elsewhere';
      await tellOfLink(tx, user.email);
    }
    await noteProof(tx, userId, profile);
    return 'linked';
  });
}

/** Whoever controls the account has shown that its address is theirs, when the provider says so of that very address. */
async function noteProof(tx: Transaction, userId: string, { email, emailVerified }: Profile): Promise<void> {
  const [user] = await tx.select().from(users).where(eq(users.id, userId));
  if (emailVerified && email === user.email.toLowerCase() && !user.emailVerifiedAt) await markVerified(tx, userId);
}

async function tellOfLink(tx: Transaction, email: string): Promise<void> {
  if (!mailConfigured()) return;
  await sendMail(tx, {
    to: email,
    subject: 'Another way to sign in to Gauntlet',
    text:
      'An account elsewhere was linked to your Gauntlet account and signs you in from now on.\n\n' +
      'If that was not you, unlink it on your account page and change your password.\n',
  });
}
