// next-auth as this site uses it: local accounts and a signed token that carries the user's session id.
import type { NextAuthOptions } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { env } from '../env.ts';
import { signIn } from './sign-in.ts';

const sessionDays = 14;

/** Read at the first request and not at import, so that a build needs no secret. Throws without NEXTAUTH_SECRET. */
export function authOptions(): NextAuthOptions {
  return {
    secret: sessionSecret(),
    session: { strategy: 'jwt', maxAge: sessionDays * 24 * 3600 },
    pages: { signIn: '/login', signOut: '/account', error: '/login' },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(credentials, request) {
          const forwarded = String(request.headers?.['x-forwarded-for'] ?? '');
          // The last entry is the one our own proxy wrote; the ones before it are the caller's claim.
          const address = forwarded.split(',').at(-1)!.trim();
          const result = await signIn(credentials?.email ?? '', credentials?.password ?? '', address);
          if (result === 'wrong') return null;
          if (result === 'throttled') throw new Error('throttled');
          return result;
        },
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        // At sign-in only: name, e-mail and role are read from the table each time, so that they are never stale.
        return user ? { sub: user.id, sid: (user as { sessionId?: string }).sessionId } : token;
      },
    },
  };
}

/** The secret that session tokens are sealed with. */
export function sessionSecret(): string {
  const secret = env().NEXTAUTH_SECRET;
  if (!secret) {
    throw new Error(
      'NEXTAUTH_SECRET is not set. Set it to 32 or more random characters (openssl rand -base64 32); `npm run demo` makes one.',
    );
  }
  return secret;
}
