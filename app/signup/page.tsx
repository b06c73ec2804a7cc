// Making a local account, where the site has them.
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { localAccounts } from '@/lib/auth/providers';
import { currentViewer } from '@/lib/auth/session';
import { ownPath } from '../ui/own-path';
import { Door } from '../ui/door';
import { SignupForm } from './form';

export const metadata: Metadata = { title: 'Make an account' };

export default async function SignupPage({ searchParams }: { searchParams: Promise<{ to?: string }> }) {
  const to = ownPath((await searchParams).to);
  if (await currentViewer()) redirect(to);
  if (!localAccounts()) redirect(`/login?to=${encodeURIComponent(to)}`);
  return (
    <Door
      title="Make an account"
      about={
        <>
          Have one already?{' '}
          <Link href={`/login?to=${encodeURIComponent(to)}`} className="link">
            Sign in
          </Link>
        </>
      }
    >
      <SignupForm to={to} />
    </Door>
  );
}
