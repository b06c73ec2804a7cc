// Where the link of a mail leads: turns that kind of mail off at the press of a button, without signing in.
import type { Metadata } from 'next';
import Link from 'next/link';
import { readUnsubscribeToken } from '@/lib/notifications/unsubscribe';
import { ActionForm } from '../../../ui/action-form';
import { orNotFound } from '../../../ui/or-not-found';
import { turnMailOff } from '../actions';

// The address holds the token, which is nobody else's business.
export const metadata: Metadata = { title: 'Turn mail off', robots: { index: false }, referrer: 'no-referrer' };

type Props = { searchParams: Promise<{ token?: string | string[] }> };

export default async function UnsubscribePage({ searchParams }: Props) {
  const { token = '' } = await searchParams;
  const given = String(token);
  const { label } = await orNotFound((async () => readUnsubscribeToken(given))());
  return (
    <div className="mx-auto max-w-[34rem] pt-6">
      <h1 className="text-display font-semibold">Turn mail off</h1>
      <p className="mt-3 mb-5">
        Gauntlet writes to you when: <strong className="font-semibold">{label.toLowerCase()}</strong>.
      </p>
      <ActionForm action={turnMailOff.bind(null, given)} label="Stop this mail" />
      <p className="mt-6 text-muted">
        All kinds, and webhooks, are on your{' '}
        <Link href="/account/notifications" className="link">
          page of notifications
        </Link>
        .
      </p>
    </div>
  );
}
