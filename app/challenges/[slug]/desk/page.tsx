// The desk's overview: what of the class waits, runs, failed or asks for somebody. Looks again every few seconds.
import type { Metadata } from 'next';
import { orNotFound } from '@/app/ui/or-not-found';
import { RefreshEvery } from '@/app/ui/refresh-every';
import { WorkNotices } from '@/app/workers/notices';
import { RunningTable } from '@/app/workers/running-table';
import { WorkerTable } from '@/app/workers/worker-table';
import { currentViewer } from '@/lib/auth/session';
import { desk } from '@/lib/monitoring/desk';
import { Days } from './days';
import { FailureTable } from './failure-table';
import { Figures } from './figures';
import { QueueTable } from './queue-table';

export const metadata: Metadata = { title: 'Desk' };

type Props = { params: Promise<{ slug: string }> };

export default async function DeskPage({ params }: Props) {
  const { slug } = await params;
  const found = await orNotFound(desk(await currentViewer(), slug), `/challenges/${slug}/desk`);
  const alive = found.workers.filter(({ state }) => state === 'alive').length;
  const waits = found.tiers.some(({ queued }) => queued > 0);
  return (
    <>
      <RefreshEvery seconds={15} />
      <h1 className="text-display font-semibold">Desk</h1>
      <Figures desk={found} />
      <div className="mt-8 space-y-10">
        {(waits || alive > 0) && <WorkNotices alive={alive} stalled={found.stalled} />}
        <Days days={found.days} timeZone={found.challenge.timeZone} />
        <QueueTable tiers={found.tiers} site={found.site} />
        <RunningTable running={found.running} />
        <FailureTable failures={found.failures} />
        <WorkerTable workers={found.workers} />
      </div>
    </>
  );
}
