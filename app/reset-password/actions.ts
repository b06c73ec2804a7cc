'use server';
// What the page for lost passwords does on the server. It never tells whether an address has an account.
import { redirect } from 'next/navigation';
import { headers } from 'next/headers';
import { after } from 'next/server';
import { askForReset, resetPassword } from '@/lib/accounts/reset-password';
import { outcomeOf, type Outcome } from '../ui/outcome';

export async function ask(_: Outcome, form: FormData): Promise<Outcome> {
  const email = String(form.get('email') ?? '');
  const address = ((await headers()).get('x-forwarded-for') ?? '').split(',').at(-1)!.trim();
  // Done when the answer is gone, so that the time it takes tells nothing, either.
  after(() => askForReset(email, address));
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
