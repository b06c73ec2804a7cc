// A lost password: asking for a link, and setting a new password with it.
import type { Metadata } from 'next';
import { longestPassword, shortestPassword } from '@/lib/auth/password';
import { mailConfigured } from '@/lib/mail/configured';
import { ActionForm } from '../ui/action-form';
import { Field } from '../ui/field';
import { ask, set } from './actions';

// The address holds the code: it goes to nobody else.
export const metadata: Metadata = { title: 'Set a new password', referrer: 'no-referrer' };

export default async function ResetPasswordPage({ searchParams }: { searchParams: Promise<{ code?: string }> }) {
  const { code } = await searchParams;
  return (
    <div className="mx-auto max-w-[24rem] py-10">
      <h1 className="text-display font-semibold">Set a new password</h1>
      {code !== undefined ? (
        <ActionForm action={set} label="Set password" className="mt-6 space-y-4">
          <input type="hidden" name="code" value={code} />
          <Field
            label="New password"
            name="password"
            type="password"
            autoComplete="new-password"
            required
            minLength={shortestPassword}
            maxLength={longestPassword}
            hint={`At least ${shortestPassword} characters. Every browser that is signed in is signed out.`}
          />
        </ActionForm>
      ) : mailConfigured() ? (
        <>
          <p className="mt-1 mb-6 text-muted">A link comes to the address of your account.</p>
          <ActionForm action={ask} label="Send the link">
            <Field label="E-mail" name="email" type="email" autoComplete="username" required />
          </ActionForm>
        </>
      ) : (
        <p className="mt-1 text-muted">
          This site sends no mail. Ask your instructor, or whoever runs the site: an administrator can make you a link that sets a new
          password.
        </p>
      )}
    </div>
  );
}
