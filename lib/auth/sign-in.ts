// Signing in with e-mail and password, with guessing slowed down. Knows no cookies.
import { verifyPassword } from './password.ts';
import { throttle } from './throttle.ts';
import { findCredentials } from './users.ts';

export type SignedIn = { id: string; sessionId: string };

const perAddress = throttle(10, 15 * 60);
// The address is only as true as the proxy that reports it, so an account has a ceiling of its own.
const perAccount = throttle(100, 60 * 60);

/**
 * The user and session behind the credentials; `wrong` when they fit nobody, `throttled` after ten wrong guesses
 * for this account from this address within a quarter of an hour.
 */
export async function signIn(email: string, password: string, address: string): Promise<SignedIn | 'wrong' | 'throttled'> {
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
  return { id: user.id, sessionId: user.sessionId };
}
