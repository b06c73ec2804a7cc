'use client';
// Makes the administrator and signs in.
import { signIn } from 'next-auth/react';
import { startTransition, useActionState, type FormEvent } from 'react';
import { button } from '../ui/button';
import { Field } from '../ui/field';
import { Notice } from '../ui/notice';
import type { Outcome } from '../ui/outcome';
import { setUp } from './actions';

export function SetupForm() {
  const [outcome, submit, pending] = useActionState(async (before: Outcome, form: FormData): Promise<Outcome> => {
    const after = await setUp(before, form);
    if (after && 'done' in after) {
      await signIn('credentials', { redirect: false, email: form.get('email'), password: form.get('password') });
      window.location.assign('/');
    }
    return after;
  }, null);
  // By hand, or React would empty the form also when it is refused.
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    startTransition(() => submit(data));
  };
  return (
    <form action={submit} onSubmit={send} className="space-y-4">
      {outcome && 'failed' in outcome && (
        <Notice tone="bad" role="alert">
          {outcome.failed}
        </Notice>
      )}
      <Field label="Token" name="token" required autoComplete="off" spellCheck={false} hint="As it stands in the site's log." />
      <Field label="Name" name="name" autoComplete="name" required maxLength={80} />
      <Field label="E-mail" name="email" type="email" autoComplete="username" required />
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
        {pending ? 'One moment …' : 'Make the administrator'}
      </button>
    </form>
  );
}
