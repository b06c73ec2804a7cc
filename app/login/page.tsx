// Signing in.
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { currentViewer } from '@/lib/auth/session';
import { ownPath } from '../ui/own-path';
import { LoginForm } from './form';

export const metadata: Metadata = { title: 'Sign in' };

export default async function LoginPage({ searchParams }: { searchParams: Promise<{ to?: string }> }) {
  const to = ownPath((await searchParams).to);
  if (await currentViewer()) redirect(to);
  return (
    <div className="mx-auto max-w-[22rem] py-10">
      <h1 className="text-display font-semibold">Sign in</h1>
      <p className="mt-1 mb-6 text-muted">
        New here?{' '}
        <Link href={`/signup?to=${encodeURIComponent(to)}`} className="link">
          Make an account
        </Link>
      </p>
      <LoginForm to={to} />
    </div>
  );
}
