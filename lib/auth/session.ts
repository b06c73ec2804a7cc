// From a request to a Viewer: a session cookie whose row is still there, or an API token.
import { getToken, type GetTokenParams } from 'next-auth/jwt';
import { cookies } from 'next/headers';
import { NextRequest } from 'next/server';
import { cache } from 'react';
import { RequestError } from '../errors.ts';
import { requireSameOrigin } from './origin.ts';
import { sessionSecret } from './secret.ts';
import { viewerOfSession } from './sessions.ts';
import { viewerOfToken } from './tokens.ts';
import type { Viewer } from './viewer.ts';

type CookieJar = { getAll(): { name: string; value: string }[] };

/** Present while somebody of the staff looks at the site as a student; it only ever takes rights away. */
export const asStudentCookie = 'gauntlet-as-student';

export type Session = { id: string; viewer: Viewer };

/** The session of this page's browser; null for a visitor. Asked once a request, however many components want it. */
export const currentSession = cache(async (): Promise<Session | null> => sessionOfCookies(await cookies()));

/** Who looks at this page; null for a visitor. */
export const currentViewer = async (): Promise<Viewer | null> => (await currentSession())?.viewer ?? null;

/**
 * Who makes this API request, by `Authorization: Bearer <API token>` or by session cookie; null for a visitor. Who comes by a token
 * has its scopes. Throws RequestError 401 on a token that is unknown, revoked or expired, and 403 when a cookie would change something
 * from another site's page.
 */
export async function viewerOf(request: Request): Promise<Viewer | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer) {
    const viewer = await viewerOfToken(bearer);
    if (!viewer) throw new RequestError(401, 'This API token is not valid (any more). Make a new one on your account page.');
    return viewer;
  }
  const session = await sessionOfCookies(new NextRequest(request.url, { headers: request.headers }).cookies);
  if (session) requireSameOrigin(request);
  return session?.viewer ?? null;
}

/** As viewerOf, for what only somebody signed in may do. Throws RequestError 401 for a visitor. */
export async function signedInViewerOf(request: Request): Promise<Viewer> {
  const viewer = await viewerOf(request);
  if (!viewer)
    throw new RequestError(
      401,
      'Sign in, or send an API token as "Authorization: Bearer <token>". Tokens are made on your account page.',
    );
  return viewer;
}

async function sessionOfCookies(jar: CookieJar): Promise<Session | null> {
  const held = { cookies: jar, headers: {} } as unknown as GetTokenParams['req'];
  const token = await getToken({ req: held, secret: sessionSecret() });
  if (typeof token?.sub !== 'string' || typeof token.sid !== 'string') return null;
  const viewer = await viewerOfSession(token.sub, token.sid);
  if (!viewer) return null;
  const asStudent = jar.getAll().some(({ name, value }) => name === asStudentCookie && value === '1');
  return { id: token.sid, viewer: asStudent ? { ...viewer, asStudent } : viewer };
}
