// How far the evaluation is: its stages side by side, what runs now, how long it will still take, and who is before it.
import type { ReactNode } from 'react';
import { duration, whole } from '@/app/ui/format';
import { Time } from '@/app/ui/time';
import { trialName } from '@/app/ui/trial-name';
import type { EvaluationLog, StageProgress } from '@/lib/evaluations/log';
import type { Stage } from '@/lib/evaluations/log-entries';
import type { Results } from '@/lib/evaluations/results';
import type { Submission } from '@/lib/submissions/read';
import { lineText } from '../line';

type Props = { results: Results; submission: Submission; log: EvaluationLog };

export function Progress({ results: { status, progress, cells }, submission, log }: Props) {
  const { startedAt, finishedAt } = log;
  if (status !== 'queued' && status !== 'running') {
    const planned = log.stages.reduce((sum, stage) => sum + stage.planned, 0);
    const took = startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : null;
    return (
      <p role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1 text-small">
        <State status={status} />
        <span className="figures text-muted">
          {finishedAt && <Time at={finishedAt} />}
          {took !== null && status === 'finished' && `, ${duration(took)} after it began`}, {whole(cells.length)} of {whole(Math.max(planned, cells.length))} measurements
        </span>
      </p>
    );
  }
  const share = Math.floor(progress.share * 100);
  return (
    <div role="status" className="rounded-base border border-line bg-surface px-4 py-3 text-small">
      <div className="figures flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <State status={status} />
        <span className="text-lead font-semibold">{share} %</span>
        <span>{whenDone(progress, log)}</span>
        <span className="text-muted sm:ml-auto">
          submitted <Time at={submission.createdAt} />
        </span>
      </div>
      <Stages stages={log.stages} running={log.running.length > 0} />
      <Now running={log.running} />
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

export const stageNames: Record<Stage, string> = {
  headline: 'Headline',
  perturbations: 'Perturbations',
  attacks: 'Attacks',
  augmentation: 'Augmentation',
  checks: 'Checks',
};

/** As wide as they are long, but never too narrow for their name. */
function Stages({ stages, running }: { stages: readonly StageProgress[]; running: boolean }) {
  const current = running ? stages.find(({ share }) => share < 1) : undefined;
  return (
    <ol className="mt-3 flex flex-wrap gap-x-2 gap-y-3">
      {stages.map((stage) => (
        <li key={stage.stage} className="min-w-[6.5rem]" style={{ flexGrow: Math.max(0.08, stage.weight), flexBasis: 0 }}>
          <span className="block h-1.5 overflow-hidden rounded-full bg-line">
            <span
              className={`block h-full rounded-full transition-[width] duration-500 ${stage.share === 1 ? 'bg-good' : 'bg-accent'}`}
              style={{ width: `${(100 * stage.share).toFixed(1)}%` }}
            />
          </span>
          <span className={`figures mt-1 block ${stage === current ? 'font-semibold' : 'text-muted'}`}>
            {stageNames[stage.stage]}{' '}
            <span className="text-micro whitespace-nowrap">
              {stage.landed} of {stage.planned}
            </span>
          </span>
        </li>
      ))}
    </ol>
  );
}

const mostNow = 3;

function Now({ running }: { running: EvaluationLog['running'] }) {
  if (running.length === 0) return null;
  const said = running.slice(0, mostNow).map(({ trial, worker }) => `${trialName(trial)}${worker ? ` on ${worker}` : ''}`);
  const more = running.length - said.length;
  return (
    <p className="mt-2 text-muted">
      Now: {said.join('; ')}
      {more > 0 && ` and ${more} more`}
    </p>
  );
}

function whenDone(progress: Results['progress'], { left }: EvaluationLog): ReactNode {
  const line = lineText(progress);
  // Without a worker there is no estimate, and saying nothing would look like a hang.
  const said = left === null ? (line ? null : 'waiting for a worker') : `${range(left.low, left.high)} left`;
  return [line, said].filter(Boolean).join(', ');
}

/** `2 to 5 min`, `40 to 80 s`, `1 h 10 min to 2 h`. */
export function range(low: number, high: number): string {
  const [from, to] = [duration(low), duration(high)];
  if (from === to) return `about ${to}`;
  const [a, b] = [from.split(' '), to.split(' ')];
  return a.length === 2 && b.length === 2 && a[1] === b[1] ? `${a[0]} to ${to}` : `${from} to ${to}`;
}
