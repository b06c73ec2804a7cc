'use server';
// What the page for lost passwords does on the server. It never tells whether an address has an account.
import { redirect } from 'next/navigation';
import { headers } from 'next/headers';
import { askForReset, resetPassword } from '@/lib/accounts/reset-password';
import { log } from '@/lib/log';
import { callerOf } from '@/lib/requests/address';
import { outcomeOf, type Outcome } from '../ui/outcome';

export async function ask(_: Outcome, form: FormData): Promise<Outcome> {
  const email = String(form.get('email') ?? '');
  const address = callerOf(await headers());
  // Not waited for, so that the time it takes tells nothing, either.
  void askForReset(email, address).catch((error: unknown) => log.error({ error }, 'a link for a new password could not be sent'));
  return { done: 'If that address has an account, a link is on its way to it. It is good for an hour.' };
}

export async function set(_: Outcome, form: FormData): Promise<Outcome> {
  const outcome = await outcomeOf(async () => {
    await resetPassword(String(form.get('code') ?? ''), String(form.get('password') ?? ''));
    return 'Set.';
  });
  if (!outcome || 'failed' in outcome) return outcome;
  redirect('/login?reset=done');
}
