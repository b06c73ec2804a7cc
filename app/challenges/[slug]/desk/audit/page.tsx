// Every privileged act on a challenge, for its instructors.
import type { Metadata } from 'next';
import { AuditTable } from '@/app/ui/audit-table';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { auditOfChallenge } from '@/lib/monitoring/audit';

export const metadata: Metadata = { title: 'Audit log' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Record<string, unknown>> };

export default async function ChallengeAuditPage({ params, searchParams }: Props) {
  const [{ slug }, query] = await Promise.all([params, searchParams]);
  const here = `/challenges/${slug}/desk/audit`;
  const { challenge, ...page } = await orNotFound(auditOfChallenge(await currentViewer(), slug, query), here);
  return (
    <>
      <h1 className="mb-1 text-display font-semibold">Audit log</h1>
      <p className="mb-6 max-w-[62ch] text-muted">
        What staff did in {challenge.title}, written down as it was done. Nobody can change or delete an entry.
      </p>
      <AuditTable {...page} here={here} />
    </>
  );
}
