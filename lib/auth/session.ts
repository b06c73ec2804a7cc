// From a request to a Viewer: a session cookie that is still the user's, or an API token.
import { and, eq } from 'drizzle-orm';
import { getToken, type GetTokenParams } from 'next-auth/jwt';
import { cookies } from 'next/headers';
import { NextRequest } from 'next/server';
import { cache } from 'react';
import { database } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { sessionSecret } from './options.ts';
import { requireSameOrigin } from './origin.ts';
import { viewerOfToken } from './tokens.ts';
import type { Viewer } from './viewer.ts';

type CookieJar = { getAll(): { name: string; value: string }[] };

/** Who looks at this page; null for a visitor. One query per request, however many components ask. */
export const currentViewer = cache(async (): Promise<Viewer | null> => viewerOfCookies(await cookies()));

/**
 * Who makes this API request, by `Authorization: Bearer <API token>` or by session cookie; null for a visitor.
 * Throws RequestError 401 on a token that is unknown, revoked or expired, and 403 when a cookie would change something
 * from another site's page.
 */
export async function viewerOf(request: Request): Promise<Viewer | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (bearer) {
    const viewer = await viewerOfToken(bearer);
    if (!viewer) throw new RequestError(401, 'This API token is not valid (any more). Make a new one on your account page.');
    return viewer;
  }
  const viewer = await viewerOfCookies(new NextRequest(request.url, { headers: request.headers }).cookies);
  if (viewer) requireSameOrigin(request);
  return viewer;
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

async function viewerOfCookies(jar: CookieJar): Promise<Viewer | null> {
  const held = { cookies: jar, headers: {} } as unknown as GetTokenParams['req'];
  const token = await getToken({ req: held, secret: sessionSecret() });
  if (typeof token?.sub !== 'string' || typeof token.sid !== 'string') return null;
  const [viewer] = await database()
    .select({ id: users.id, name: users.name, role: users.role })
    .from(users)
    .where(and(eq(users.id, token.sub), eq(users.sessionId, token.sid)));
  return viewer ?? null;
}
