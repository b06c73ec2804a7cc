// next-auth's own endpoints: sign-in with a password or with an account elsewhere, its CSRF token, sign-out.
import NextAuth from 'next-auth';
import { cookies } from 'next/headers';
import type { NextRequest } from 'next/server';
import { authOptions } from '@/lib/accounts/next-auth';
import { linkCookie, linkPath } from '@/lib/accounts/link-cookie';
import { currentSession, type Session } from '@/lib/auth/session';
import { callerOf } from '@/lib/requests/address';

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const address = callerOf(request.headers);
  const userAgent = request.headers.get('user-agent') ?? '';
  const [action, providerId] = (await context.params).nextauth;
  const linking = action === 'callback' && providerId !== 'credentials' ? await linkingSession() : null;
  return NextAuth(request as never, context as never, authOptions({ browser: { address, userAgent }, linking })) as unknown as Promise<Response>;
}

/** The session that asked, on its account page, to link what comes back now. The mark is spent by this. */
async function linkingSession(): Promise<Session | null> {
  const jar = await cookies();
  const mark = jar.get(linkCookie)?.value;
  if (!mark) return null;
  jar.delete({ name: linkCookie, path: linkPath });
  const session = await currentSession();
  return session?.id === mark ? session : null;
}

export { handle as GET, handle as POST };
