'use client';
// The sign-in form: hands e-mail and password to next-auth and goes on, or says what went wrong.
import { signIn } from 'next-auth/react';
import { useState, type FormEvent } from 'react';
import { button } from '../ui/button';
import { Field } from '../ui/field';
import { Notice } from '../ui/notice';

const reasons: Record<string, string> = {
  CredentialsSignin: 'E-mail and password do not fit together.',
  disabled: 'This account was disabled by an administrator.',
  broken: 'Something broke on our side. Try again in a minute.',
  throttled: 'Too many wrong passwords for this account. Wait a quarter of an hour, then try again.',
};

export function LoginForm({ to }: { to: string }) {
  const [pending, setPending] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    setFailed(null);
    const outcome = await signIn('credentials', { redirect: false, email: form.get('email'), password: form.get('password') }).catch(
      () => undefined,
    );
    // A whole new page, not a soft navigation: everything on it may now look different.
    if (outcome?.ok) window.location.assign(to);
    else {
      setFailed(reasons[outcome?.error ?? ''] ?? 'The site did not answer. Check your connection and try again.');
      setPending(false);
    }
  };
  return (
    <form method="post" onSubmit={submit} className="space-y-4">
      {failed && (
        <Notice tone="bad" role="alert">
          {failed}
        </Notice>
      )}
      <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      <button type="submit" disabled={pending} className={`${button.primary} w-full`}>
        {pending ? 'Signing in …' : 'Sign in'}
      </button>
      <noscript>
        <p className="text-small text-muted">Signing in needs JavaScript. The leaderboard does not.</p>
      </noscript>
    </form>
  );
}
