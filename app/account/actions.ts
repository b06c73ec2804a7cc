'use server';
// What the account page does on the server, always to the account of whoever asks.
import { refresh } from 'next/cache';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { deleteAccount } from '@/lib/accounts/delete';
import { linkCookie, linkPath, linkSeconds } from '@/lib/accounts/link-cookie';
import { changePassword } from '@/lib/accounts/password';
import { changeName } from '@/lib/accounts/profile';
import { askToVerify, changeEmail } from '@/lib/accounts/verify-email';
import { unlinkIdentity } from '@/lib/auth/identities';
import { asStudentCookie } from '@/lib/auth/session';
import { endAllOwnSessions, endOtherSessions, endSession } from '@/lib/auth/sessions';
import { createToken, revokeToken } from '@/lib/auth/tokens';
import { isStaff } from '@/lib/challenges/standing';
import { env } from '@/lib/env';
import { RequestError } from '@/lib/errors';
import { outcomeOf, type Outcome } from '../ui/outcome';
import { expiryOf } from './expiry';
import { mySession } from './me';

const text = (form: FormData, name: string) => String(form.get(name) ?? '');

export async function saveName(_: Outcome, form: FormData): Promise<Outcome> {
  const { viewer } = await mySession();
  return outcomeOf(async () => {
    await changeName(viewer, text(form, 'name'));
    refresh();
    return 'Saved.';
  });
}

export async function saveEmail(_: Outcome, form: FormData): Promise<Outcome> {
  const { viewer } = await mySession();
  return outcomeOf(async () => {
    const email = text(form, 'new-email');
    const outcome = await changeEmail(viewer, email, text(form, 'email-password'));
    refresh();
    return outcome === 'sent' ? `A link is on its way to ${email}. The address changes when you open it.` : 'Saved.';
  });
}

export async function sendVerification(): Promise<Outcome> {
  const { viewer } = await mySession();
  return outcomeOf(async () => `A link is on its way to ${await askToVerify(viewer)}. It is good for an hour.`);
}

export async function savePassword(_: Outcome, form: FormData): Promise<Outcome> {
  const { viewer, id } = await mySession();
  return outcomeOf(async () => {
    await changePassword(viewer, text(form, 'old-password'), text(form, 'new-password'), id);
    refresh();
    return 'Saved. Every other browser is signed out.';
  });
}

/** Marks this browser, so that the account elsewhere it comes back with is linked. The form then goes to the provider. */
export async function beginLink(): Promise<void> {
  const { id } = await mySession();
  const secure = (env().NEXTAUTH_URL ?? '').startsWith('https:');
  const mark = { name: linkCookie, value: id, path: linkPath, maxAge: linkSeconds };
  (await cookies()).set({ ...mark, httpOnly: true, sameSite: 'lax', secure });
}

export async function unlink(_: Outcome, form: FormData): Promise<Outcome> {
  const { viewer } = await mySession();
  return outcomeOf(async () => {
    await unlinkIdentity(viewer, { provider: text(form, 'provider'), subject: text(form, 'subject') });
    refresh();
    return 'Unlinked.';
  });
}

export type TokenState = { secret: string; name: string } | { failed: string } | null;

export async function makeToken(_: TokenState, form: FormData): Promise<TokenState> {
  const { viewer } = await mySession();
  try {
    const choice = { scopes: form.getAll('scope').map(String), expiresAt: expiryOf(text(form, 'days')) };
    const { secret, name } = await createToken(viewer, text(form, 'token-name'), choice);
    refresh();
    return { secret, name };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}

export async function dropToken(form: FormData): Promise<void> {
  const { viewer } = await mySession();
  await unlessGone(revokeToken(viewer, text(form, 'id')));
  refresh();
}

export async function dropSession(form: FormData): Promise<void> {
  const { viewer } = await mySession();
  await unlessGone(endSession(viewer, text(form, 'id')));
  refresh();
}

export async function signOut(): Promise<void> {
  const { viewer, id } = await mySession();
  await unlessGone(endSession(viewer, id));
  await forgetSession();
  redirect('/');
}

export async function signOutOthers(): Promise<void> {
  const { viewer, id } = await mySession();
  await endOtherSessions(viewer, id);
  refresh();
}

export async function signOutEverywhere(): Promise<void> {
  await endAllOwnSessions((await mySession()).viewer);
  await forgetSession();
  redirect('/login');
}

/** Staff look at the site as a student does, and stop doing so. It only ever takes rights away. */
export async function viewAsStudent(): Promise<void> {
  const { viewer } = await mySession();
  if (await isStaff(viewer)) (await cookies()).set({ name: asStudentCookie, value: '1', path: '/', httpOnly: true, sameSite: 'lax' });
  refresh();
}

export async function viewAsMyself(): Promise<void> {
  (await cookies()).delete(asStudentCookie);
  refresh();
}

export async function deleteMyAccount(_: Outcome, form: FormData): Promise<Outcome> {
  const { viewer } = await mySession();
  const outcome = await outcomeOf(async () => {
    await deleteAccount(viewer, text(form, 'confirmation'));
    return 'Deleted.';
  });
  if (!outcome || 'failed' in outcome) return outcome;
  await forgetSession();
  redirect('/');
}

/** Gone already, from another tab: that is what was wanted. */
async function unlessGone(act: Promise<void>): Promise<void> {
  await act.catch((error: unknown) => {
    if (!(error instanceof RequestError && error.status === 404)) throw error;
  });
}

async function forgetSession(): Promise<void> {
  const jar = await cookies();
  jar.delete(asStudentCookie);
  for (const { name } of jar.getAll()) {
    if (!/^(__Secure-)?next-auth\.session-token/.test(name)) continue;
    // A browser only takes a __Secure- cookie back when told that it is secure.
    jar.set({ name, value: '', path: '/', maxAge: 0, httpOnly: true, secure: name.startsWith('__Secure-') });
  }
}
