'use server';
// What the sign-up form does on the server. Next checks that such a call comes from a page of this site.
import { headers } from 'next/headers';
import { signUp as makeAccount } from '@/lib/accounts/profile';
import { RequestError } from '@/lib/errors';
import { callerOf } from '@/lib/requests/address';

export type SignupState = { failed: string } | { made: true } | null;

export async function signUp(_: SignupState, form: FormData): Promise<SignupState> {
  const text = (name: string) => String(form.get(name) ?? '');
  try {
    await makeAccount({ name: text('name'), email: text('email'), password: text('password') }, callerOf(await headers()));
    return { made: true };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}
