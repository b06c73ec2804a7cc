// next-auth as this site uses it: local accounts, the configured providers, and a signed token that names the browser's session.
import type { NextAuthOptions, User } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { oauthProviders, providers, type Profile } from '../auth/providers.ts';
import { sessionSecret } from '../auth/secret.ts';
import type { Session } from '../auth/session.ts';
import { endSession, sessionDays } from '../auth/sessions.ts';
import { signIn, type Browser, type SignedIn } from '../auth/sign-in.ts';
import { RequestError } from '../errors.ts';
import { log } from '../log.ts';
import { linkTo, signInWith } from './federated.ts';

/** `linking` is the session that asked to link an account elsewhere to its own; null when this is a sign-in. */
export type Asking = { browser: Browser; linking: Session | null };

/** Throws an Error without NEXTAUTH_SECRET. */
export function authOptions({ browser, linking }: Asking): NextAuthOptions {
  return {
    secret: sessionSecret(),
    session: { strategy: 'jwt', maxAge: sessionDays * 24 * 3600 },
    pages: { signIn: '/login', signOut: '/account', error: '/login' },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(credentials) {
          const result = await orBroken(signIn(credentials?.email ?? '', credentials?.password ?? '', browser));
          if (result === 'wrong') return null;
          if (typeof result === 'string') throw new Error(result);
          return result;
        },
      }),
      ...oauthProviders(),
    ],
    callbacks: {
      /** True lets them in; a path is where to go instead. */
      async signIn({ user, account }) {
        if (account?.type !== 'oauth') return true;
        const { key } = providers().find(({ id }) => id === account.provider)!;
        const profile = { ...(user as User & Profile), id: account.providerAccountId };
        if (linking) {
          const outcome = await orBroken(linkTo(linking.viewer.id, key, profile));
          if (outcome !== 'linked') return `/account?refused=${outcome}`;
          signedInAs(user, { id: linking.viewer.id, sessionId: linking.id });
          return true;
        }
        const outcome = await orBroken(signInWith(key, profile, browser.userAgent));
        if (typeof outcome === 'string') return `/login?error=${outcome}`;
        signedInAs(user, outcome);
        return true;
      },
      jwt({ token, user }) {
        // At sign-in only: name, e-mail and role are read from the table each time, so that they are never stale.
        return user ? { sub: user.id, sid: (user as User & Partial<SignedIn>).sessionId } : token;
      },
    },
    logger: {
      error: (what, about) => log.error({ what, error: about instanceof Error ? about : about.error }, 'a sign-in failed'),
      warn: () => {},
      debug: () => {},
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sub !== 'string' || typeof token.sid !== 'string') return;
        await endSession({ id: token.sub }, token.sid).catch((error: unknown) => {
          if (!(error instanceof RequestError)) throw error;
        });
      },
    },
  };
}

/** What next-auth catches it shows in an address, so that it gets to see no error of the database. */
async function orBroken<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    log.error({ error }, 'a sign-in failed on our side');
    throw new Error('broken');
  }
}

/** Without an adapter next-auth hands the provider's profile on to `jwt` as the user: here it becomes our account. */
function signedInAs(user: User, signedIn: SignedIn): void {
  Object.assign(user, signedIn);
}
