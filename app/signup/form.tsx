'use client';
// The sign-up form: makes the account, then signs in with it.
import { signIn } from 'next-auth/react';
import { useActionState } from 'react';
import { button } from '../ui/button';
import { Field } from '../ui/field';
import { Notice } from '../ui/notice';
import { signUp, type SignupState } from './actions';

export function SignupForm({ to }: { to: string }) {
  const [state, submit, pending] = useActionState(async (before: SignupState, form: FormData): Promise<SignupState> => {
    const after = await signUp(before, form);
    if (after && 'made' in after) {
      const outcome = await signIn('credentials', { redirect: false, email: form.get('email'), password: form.get('password') });
      window.location.assign(outcome?.ok ? to : '/login');
    }
    return after;
  }, null);
  return (
    <form action={submit} className="space-y-4">
      {state && 'failed' in state && (
        <Notice tone="bad" role="alert">
          {state.failed}
        </Notice>
      )}
      <Field label="Name" name="name" autoComplete="name" required maxLength={80} hint="Shown on the leaderboard. A pseudonym will do." />
      <Field label="E-mail" name="email" type="email" autoComplete="username" required hint="To sign in. Nobody else sees it." />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        maxLength={200}
        hint="At least 10 characters."
      />
      <button type="submit" disabled={pending} className={`${button.primary} w-full`}>
        {pending ? 'Making the account …' : 'Make account'}
      </button>
    </form>
  );
}
