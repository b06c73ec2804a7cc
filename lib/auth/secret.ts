// The secret that session tokens are sealed with, and what is derived from it.
import { env } from '../env.ts';

/** Read at the first request and not at import, so that a build needs no secret. Throws an Error without NEXTAUTH_SECRET. */
export function sessionSecret(): string {
  const secret = env().NEXTAUTH_SECRET;
  if (!secret) {
    throw new Error(
      'NEXTAUTH_SECRET is not set. Set it to 32 or more random characters (openssl rand -base64 32); `npm run demo` makes one.',
    );
  }
  return secret;
}
