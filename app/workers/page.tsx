// What staff of any challenge watch: the site's workers and queue, what runs, what failed of theirs. Looks again every few seconds.
import type { Metadata } from 'next';
import Link from 'next/link';
import { currentViewer } from '@/lib/auth/session';
import { overview, type Overview } from '@/lib/monitoring/overview';
import { BigFacts, type BigFact } from '../ui/fact-list';
import { duration, whole } from '../ui/format';
import { orNotFound } from '../ui/or-not-found';
import { RefreshEvery } from '../ui/refresh-every';
import { Table, Td, Th } from '../ui/table';
import { Time } from '../ui/time';
import { WorkNotices } from './notices';
import { RunningTable } from './running-table';
import { WorkerTable } from './worker-table';

export const metadata: Metadata = { title: 'Workers' };

export default async function WorkersPage() {
  const { workers, queue, running, stalled, failures } = await orNotFound(overview(await currentViewer()), '/workers');
  const alive = workers.filter(({ state }) => state === 'alive');
  return (
    <>
      <RefreshEvery seconds={5} />
      <h1 className="text-display font-semibold">Workers</h1>
      <Figures queue={queue} alive={alive.length} slots={alive.reduce((sum, { concurrency }) => sum + concurrency, 0)} />
      <div className="mt-8 space-y-10">
        <WorkNotices alive={alive.length} stalled={stalled} />
        <WorkerTable workers={workers} />
        <RunningTable running={running} />
        <FailureTable failures={failures} />
      </div>
    </>
  );
}

function Figures({ queue, alive, slots }: { queue: Overview['queue']; alive: number; slots: number }) {
  const facts: BigFact[] = [
    { term: 'Workers alive', value: whole(alive), note: `${slots} at a time` },
    { term: 'Shards waiting', value: whole(queue.queued), note: queue.oldestSeconds === null ? 'none' : `oldest ${duration(queue.oldestSeconds)}` },
    { term: 'Shards running', value: whole(queue.running), note: `${whole(queue.evaluationsWaiting)} evaluations unfinished` },
    { term: 'Done in the last hour', value: whole(queue.doneLastHour) },
  ];
  return <BigFacts facts={facts} />;
}

function FailureTable({ failures }: { failures: Overview['failures'] }) {
  return (
    <Table caption="Failed evaluations of your challenges" empty="None: every evaluation ended well." heads={['Submission', 'Student', 'Fault of', 'Reason', 'When']}>
      {failures.map(({ submissionId, submission, by, blame, message, at }) => (
        <tr key={submissionId}>
          <Th>
            <Link href={`/submissions/${submissionId}`} prefetch={false} className="link">
              {submission}
            </Link>
          </Th>
          <Td>{by}</Td>
          <Td>{blame === 'platform' ? <span className="font-medium text-bad">platform</span> : 'model'}</Td>
          <Td>{message}</Td>
          <Td>{at ? <Time at={at} /> : '–'}</Td>
        </tr>
      ))}
    </Table>
  );
}
