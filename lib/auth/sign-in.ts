// Signing in with e-mail and password, with guessing slowed down. Knows no cookies.
import { database } from '../db/client.ts';
import { verifyPassword } from './password.ts';
import { startSession } from './sessions.ts';
import { throttle } from './throttle.ts';
import { findCredentials } from './users.ts';

export type SignedIn = { id: string; sessionId: string };
/** Where a request comes from: the address our proxy reports, and what the browser calls itself. */
export type Browser = { address: string; userAgent: string };

const perAddress = throttle(10, 15 * 60);
// The address is only as true as the proxy that reports it, so an account has a ceiling of its own.
const perAccount = throttle(100, 60 * 60);

/**
 * The user behind the credentials, with a new session; `wrong` when they fit nobody, `disabled` when they fit and an administrator
 * has closed the account, `throttled` after ten wrong guesses for this account from this address within a quarter of an hour.
 */
export async function signIn(
  email: string, password: string, { address, userAgent }: Browser,
): Promise<SignedIn | 'wrong' | 'disabled' | 'throttled'> {
  const account = email.trim().toLowerCase();
  const here = `${account} ${address}`;
  if (perAddress.exhausted(here) || perAccount.exhausted(account)) return 'throttled';
  const user = await findCredentials(account);
  if (!(await verifyPassword(user?.passwordHash, password)) || !user) {
    perAddress.fail(here);
    perAccount.fail(account);
    return 'wrong';
  }
  perAddress.forget(here);
  if (user.disabledAt) return 'disabled';
  return { id: user.id, sessionId: await database().transaction((tx) => startSession(tx, user.id, userAgent)) };
}
