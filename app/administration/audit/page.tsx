// Every privileged act on the site, for its administrators.
import type { Metadata } from 'next';
import { currentViewer } from '@/lib/auth/session';
import { auditOfSite } from '@/lib/monitoring/audit';
import { AuditTable } from '../../ui/audit-table';
import { orNotFound } from '../../ui/or-not-found';

export const metadata: Metadata = { title: 'Audit log of the site' };

const here = '/administration/audit';

export default async function SiteAuditPage({ searchParams }: { searchParams: Promise<Record<string, unknown>> }) {
  const query = await searchParams;
  const page = await orNotFound(auditOfSite(await currentViewer(), query), here);
  return (
    <>
      <h1 className="mb-1 text-display font-semibold">Audit log</h1>
      <p className="mb-6 max-w-[62ch] text-muted">Every privileged act on the site, written in the act itself and never changed.</p>
      <AuditTable {...page} here={here} withChallenge />
    </>
  );
}
