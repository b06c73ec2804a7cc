'use server';
// What the account page does on the server, always to the account of whoever asks.
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { refresh } from 'next/cache';
import { currentViewer } from '@/lib/auth/session';
import { createToken, revokeToken } from '@/lib/auth/tokens';
import { revokeSessions } from '@/lib/auth/users';
import type { Viewer } from '@/lib/auth/viewer';
import { RequestError } from '@/lib/errors';

async function me(): Promise<Viewer> {
  return (await currentViewer()) ?? redirect('/login?to=/account');
}

export type TokenState = { secret: string; name: string } | { failed: string } | null;

export async function makeToken(_: TokenState, form: FormData): Promise<TokenState> {
  try {
    const { secret, name } = await createToken(await me(), String(form.get('token-name') ?? ''));
    refresh();
    return { secret, name };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}

export async function dropToken(form: FormData): Promise<void> {
  await revokeToken(await me(), String(form.get('id') ?? '')).catch((error: unknown) => {
    // Gone already, from another tab: that is what was wanted.
    if (!(error instanceof RequestError && error.status === 404)) throw error;
  });
  refresh();
}

export async function signOut(): Promise<void> {
  await forgetSession();
  redirect('/');
}

export async function signOutEverywhere(): Promise<void> {
  await revokeSessions((await me()).id);
  await forgetSession();
  redirect('/login');
}

async function forgetSession(): Promise<void> {
  const jar = await cookies();
  for (const { name } of jar.getAll()) {
    if (!/^(__Secure-)?next-auth\.session-token/.test(name)) continue;
    // A browser only takes a __Secure- cookie back when told that it is secure.
    jar.set({ name, value: '', path: '/', maxAge: 0, httpOnly: true, secure: name.startsWith('__Secure-') });
  }
}
