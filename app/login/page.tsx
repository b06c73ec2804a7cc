// Signing in, with a password or an account elsewhere.
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { needsAdministrator } from '@/lib/accounts/first-administrator';
import { refusals } from '@/lib/accounts/federated';
import { localAccounts, providers } from '@/lib/auth/providers';
import { currentViewer } from '@/lib/auth/session';
import { Door } from '../ui/door';
import { Notice } from '../ui/notice';
import { ownPath } from '../ui/own-path';
import { LoginForm } from './form';
import { ProviderButtons } from './provider-buttons';

export const metadata: Metadata = { title: 'Sign in' };

/** A line to the left and to the right. */
const rules = 'before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line';

type Query = { to?: string; callbackUrl?: string; error?: string; reset?: string };

export default async function LoginPage({ searchParams }: { searchParams: Promise<Query> }) {
  const query = await searchParams;
  const to = ownPath(query.to);
  if (await currentViewer()) redirect(to);
  const elsewhere = providers();
  return (
    <Door
      title="Sign in"
      about={
        localAccounts() ? (
          <>
            New here?{' '}
            <Link href={`/signup?to=${encodeURIComponent(to)}`} className="link">
              Make an account
            </Link>
          </>
        ) : (
          'New here? Your first sign-in makes your account.'
        )
      }
    >
      <div className="space-y-4">
        {(await needsAdministrator()) && (
          <Notice tone="info">
            This site has no administrator yet.{' '}
            <Link href="/setup" className="link">
              Set it up
            </Link>
          </Notice>
        )}
        {query.error && (
          <Notice tone="bad" role="alert">
            {reasonOf(query.error)}
          </Notice>
        )}
        {query.reset === 'done' && (
          <Notice tone="good" role="note">
            Your new password is set. Sign in with it.
          </Notice>
        )}
        {elsewhere.length > 0 && (
          <>
            <ProviderButtons providers={elsewhere} to={to} />
            <p className={`flex items-center gap-3 text-small text-muted ${rules}`}>or</p>
          </>
        )}
        <LoginForm to={to} />
        <p className="text-small">
          <Link href="/reset-password" className="link">
            Forgot your password?
          </Link>
        </p>
      </div>
    </Door>
  );
}

/** Of our own refusals and of next-auth's codes. */
function reasonOf(code: string): string {
  const refusal = Object.entries(refusals).find(([name]) => name === code)?.[1];
  return refusal ?? 'Signing in over there did not work, or was given up. Try again; if it goes on, tell whoever runs this site.';
}
