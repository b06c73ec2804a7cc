// Signing in with e-mail and password, with guessing slowed down. Knows no cookies.
import { database } from '../db/client.ts';
import { throttle } from '../requests/throttle.ts';
import { verifyPassword } from './password.ts';
import { startSession } from './sessions.ts';
import { findCredentials } from './users.ts';

export type SignedIn = { id: string; sessionId: string };
/** Where a request comes from: the address our proxy reports, and what the browser calls itself. */
export type Browser = { address: string; userAgent: string };

const perAccountHere = throttle({ name: 'sign-in', most: 10, seconds: 15 * 60 });
// Whoever has many addresses.
const perAccount = throttle({ name: 'sign-in account', most: 100, seconds: 60 * 60 });
// Whoever tries one password on many accounts. A whole class may sit behind one address, sign in at one moment and mistype.
const perAddress = throttle({ name: 'sign-in address', most: 1000, seconds: 15 * 60 });

/**
 * The user behind the credentials, with a new session; `wrong` when they fit nobody, `disabled` when they fit and an administrator
 * has closed the account, `throttled` after ten wrong guesses for this account from this address within a quarter of an hour, 1000 for all
 * accounts from it, or a hundred for this account from anywhere within an hour.
 */
export async function signIn(
  email: string, password: string, { address, userAgent }: Browser,
): Promise<SignedIn | 'wrong' | 'disabled' | 'throttled'> {
  const account = email.trim().toLowerCase();
  const here = `${account} ${address}`;
  // One after the other: who is stopped here must not use up what is everybody's.
  if (!(await perAccountHere.attempt(here)) || !(await perAddress.attempt(address)) || !(await perAccount.attempt(account))) return 'throttled';
  const user = await findCredentials(account);
  if (!(await verifyPassword(user?.passwordHash, password)) || !user) return 'wrong';
  await Promise.all([perAccountHere.forget(here), perAddress.forgive(address), perAccount.forgive(account)]);
  if (user.disabledAt) return 'disabled';
  return { id: user.id, sessionId: await database().transaction((tx) => startSession(tx, user.id, userAgent)) };
}
