'use server';
// What the set-up form does on the server; the verb asks for the token.
import { createFirstAdministrator } from '@/lib/accounts/first-administrator';
import { outcomeOf, type Outcome } from '../ui/outcome';

export async function setUp(_: Outcome, form: FormData): Promise<Outcome> {
  const text = (name: string) => String(form.get(name) ?? '');
  return outcomeOf(async () => {
    await createFirstAdministrator(text('token'), { name: text('name'), email: text('email'), password: text('password') });
    return 'Made.';
  });
}
