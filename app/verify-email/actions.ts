'use server';
// What the verification page does on the server, for the account that is signed in.
import { redirect } from 'next/navigation';
import { verifyEmail } from '@/lib/accounts/verify-email';
import { currentViewer } from '@/lib/auth/session';
import { outcomeOf, type Outcome } from '../ui/outcome';

export async function verify(_: Outcome, form: FormData): Promise<Outcome> {
  const viewer = (await currentViewer()) ?? redirect('/login');
  const outcome = await outcomeOf(() => verifyEmail(viewer, String(form.get('code') ?? '')));
  if (!outcome || 'failed' in outcome) return outcome;
  redirect('/account');
}
