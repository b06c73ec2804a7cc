// Where the link of a verification mail leads: one more click, since mail programs open links by themselves.
import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { addressToVerify } from '@/lib/accounts/verify-email';
import { currentViewer } from '@/lib/auth/session';
import { ActionForm } from '../ui/action-form';
import { Notice } from '../ui/notice';
import { verify } from './actions';

// The address holds the code: it goes to nobody else.
export const metadata: Metadata = { title: 'Verify your address', referrer: 'no-referrer' };

export default async function VerifyEmailPage({ searchParams }: { searchParams: Promise<{ code?: string }> }) {
  const { code = '' } = await searchParams;
  const viewer = await currentViewer();
  if (!viewer) redirect(`/login?to=${encodeURIComponent(`/verify-email?code=${encodeURIComponent(code)}`)}`);
  const address = await addressToVerify(viewer, code);
  return (
    <div className="mx-auto max-w-[26rem] py-10">
      <h1 className="text-display font-semibold">Verify your address</h1>
      {address ? (
        <>
          <p className="mt-1 mb-6 text-muted">
            You are signed in as {viewer.name}. Is <strong className="font-medium text-ink">{address}</strong> your address?
          </p>
          <ActionForm action={verify} label="Yes, it is mine">
            <input type="hidden" name="code" value={code} />
          </ActionForm>
        </>
      ) : (
        <div className="mt-6">
          <Notice tone="bad" role="alert">
            This link was used already, is older than an hour, or belongs to another account than the one you are signed in to.{' '}
            <Link href="/account" className="link">
              Your account page
            </Link>{' '}
            sends a new one.
          </Notice>
        </div>
      )}
    </div>
  );
}
