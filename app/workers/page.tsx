// The instructor's watch: workers, queue, what runs, what failed. Looks again every few seconds.
import type { Metadata } from 'next';
import Link from 'next/link';
import { currentViewer } from '@/lib/auth/session';
import { overview, type Overview, type WorkerView } from '@/lib/monitoring/overview';
import { duration, whole } from '../ui/format';
import { Notice } from '../ui/notice';
import { orNotFound } from '../ui/or-not-found';
import { RefreshEvery } from '../ui/refresh-every';
import { Table, Td, Th } from '../ui/table';
import { Time } from '../ui/time';

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
        {alive.length === 0 && (
          <Notice tone="warn" role="note" title="No worker is alive, so nothing is evaluated">
            <p>
              Start one on any machine that reaches the database: <code className="text-small">npm run worker</code>
            </p>
          </Notice>
        )}
        {stalled.map(({ numericsClass, shards }) => (
          <Notice
            key={numericsClass}
            tone="warn"
            role="note"
            title={`${whole(shards)} shards of attacks wait for a worker on ${numericsClass}`}
          >
            <p>
              The attacks of a phase all run on the engine, version and device that ran its first one, so that their results are
              comparable. No worker alive is of that class: start one, with the same version of Gauntlet if need be.
            </p>
          </Notice>
        ))}
        <WorkerTable workers={workers} />
        <RunningTable running={running} />
        <FailureTable failures={failures} />
      </div>
    </>
  );
}

function Figures({ queue, alive, slots }: { queue: Overview['queue']; alive: number; slots: number }) {
  const figures: [string, string, string?][] = [
    ['Workers alive', whole(alive), `${slots} at a time`],
    ['Shards waiting', whole(queue.queued), queue.oldestSeconds === null ? 'none' : `oldest ${duration(queue.oldestSeconds)}`],
    ['Shards running', whole(queue.running), `${whole(queue.evaluationsWaiting)} evaluations unfinished`],
    ['Done in the last hour', whole(queue.doneLastHour)],
  ];
  return (
    <dl className="mt-5 flex flex-wrap gap-x-10 gap-y-4 border-y border-line py-4">
      {figures.map(([term, figure, note]) => (
        <div key={term}>
          <dt className="eyebrow">{term}</dt>
          <dd className="figures text-title font-semibold">{figure}</dd>
          {note && <dd className="text-small text-muted">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}

const states = { alive: 'text-good', silent: 'text-bad', stopped: 'text-muted' } as const;

function WorkerTable({ workers }: { workers: WorkerView[] }) {
  return (
    <Table
      caption="Workers"
      empty="No worker has been seen today. Start one with: npm run worker"
      heads={['Name', 'State', 'Engine', { number: 'At a time' }, { number: 'Shards done' }, { number: 'Child failures' }, 'Since']}
    >
      {workers.map((worker) => (
        <tr key={worker.id}>
          <Th>{worker.name}</Th>
          <Td>
            <span className={`font-medium ${states[worker.state]}`}>{worker.state}</span>{' '}
            {worker.state !== 'stopped' && <span className="text-small text-muted">heard {duration(worker.silentSeconds)} ago</span>}
          </Td>
          <Td>
            {worker.engine}, {worker.device}
            {worker.missingLayers.map((layer) => (
              <span key={layer} className="block text-small text-warn">
                {layer}
              </span>
            ))}
          </Td>
          <Td number>{worker.concurrency}</Td>
          <Td number>{whole(worker.shardsDone)}</Td>
          <Td number>{whole(worker.childFailures)}</Td>
          <Td>
            <Time at={worker.startedAt} />
          </Td>
        </tr>
      ))}
    </Table>
  );
}

function RunningTable({ running }: { running: Overview['running'] }) {
  return (
    <Table
      caption="Running now"
      empty="Nothing runs."
      heads={['Submission', 'Student', 'Trial', { number: 'Images' }, 'Worker', { number: 'For' }]}
    >
      {running.map((shard, index) => (
        <tr key={index}>
          <Th>
            <Link href={`/submissions/${shard.submissionId}`} prefetch={false} className="link">
              {shard.submission}
            </Link>
          </Th>
          <Td>{shard.by}</Td>
          <Td>
            <code className="text-small">{shard.trialId}</code>
          </Td>
          <Td number>{whole(shard.images)}</Td>
          <Td>{shard.worker ?? '–'}</Td>
          <Td number>{duration(shard.seconds)}</Td>
        </tr>
      ))}
    </Table>
  );
}

function FailureTable({ failures }: { failures: Overview['failures'] }) {
  return (
    <Table caption="Failed evaluations" empty="None." heads={['Submission', 'Student', 'Fault of', 'Reason', 'When']}>
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
