// How far the evaluation is, how long it will still take, and who is before it.
import type { ReactNode } from 'react';
import { duration, whole } from '@/app/ui/format';
import { Time } from '@/app/ui/time';
import type { Results } from '@/lib/evaluations/results';
import type { Submission } from '@/lib/submissions/read';
import { lineText } from '../line';

export function ProgressBar({
  results: { status, progress, cells, protocol },
  submission,
}: {
  results: Results;
  submission: Submission;
}) {
  const { finishedAt } = submission.evaluation;
  const attacked = submission.report.operatorsWithoutGradient.length === 0;
  const planned = protocol.trials.filter(({ kind }) => attacked || kind !== 'attack').length;
  const share = status === 'finished' ? 1 : progress.share;
  const trials = `${whole(cells.length)} of ${whole(planned)} measurements`;
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1 text-small">
      <State status={status} />
      {status !== 'queued' && status !== 'running' ? (
        <span className="text-muted">
          {finishedAt && <Time at={finishedAt} />}, {trials}
        </span>
      ) : (
        <>
          <span className="block h-1.5 min-w-48 flex-1 basis-64 overflow-hidden rounded-full bg-line">
            <span
              className="block h-full rounded-full bg-accent transition-[width] duration-500"
              style={{ width: `${(share * 100).toFixed(1)}%` }}
            />
          </span>
          <span className="figures font-medium">{Math.floor(share * 100)} %</span>
          <span className="figures text-muted">{whenDone(progress)}</span>
          <span className="figures w-full text-muted sm:w-auto">{trials}</span>
        </>
      )}
    </div>
  );
}

const states: Record<Results['status'], [string, string]> = {
  queued: ['Queued', 'bg-line-strong'],
  running: ['Running', 'bg-accent'],
  finished: ['Finished', 'bg-good'],
  failed: ['Failed', 'bg-bad'],
  cancelled: ['Cancelled', 'bg-line-strong'],
};

function State({ status }: { status: Results['status'] }) {
  const [text, dot] = states[status];
  return (
    <span className="inline-flex items-center gap-2 font-semibold">
      <span aria-hidden className={`size-2 rounded-full ${dot}`} />
      {text}
    </span>
  );
}

function whenDone(progress: Results['progress']): ReactNode {
  const { etaSeconds } = progress;
  const line = lineText(progress);
  // Without a worker there is no estimate, and saying nothing would look like a hang.
  const left = etaSeconds === null ? (line ? null : 'waiting for a worker') : `about ${duration(etaSeconds)} left`;
  return [line, left].filter(Boolean).join(', ');
}
