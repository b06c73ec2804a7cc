// A table of submissions to scan: how each stands, its ranked figure with its interval, its shape under perturbations; and what to compare.
import { median } from 'd3-array';
import Link from 'next/link';
import { ActionForm } from '@/app/ui/action-form';
import { button } from '@/app/ui/button';
import { interval, percent } from '@/app/ui/format';
import { metricNames } from '@/app/ui/metric';
import { Sparkline, sparklineText } from '@/app/ui/sparkline';
import { Table, Td, Th } from '@/app/ui/table';
import { Time } from '@/app/ui/time';
import { rangeOf, Whisker, type Range } from '@/app/ui/whisker';
import type { Line } from '@/lib/evaluations/place';
import { metrics, type Estimate, type Metric } from '@/lib/evaluation/score';
import type { Submission } from '@/lib/submissions/read';
import { cancel } from './actions';
import { lineText } from './line';

type Props = {
  caption: string;
  /** Unique on its page. */
  id: string;
  submissions: readonly Submission[];
  /** What the challenge is ranked by. */
  metric: Metric;
  /** By evaluation id. */
  lines: ReadonlyMap<string, Line>;
  /** Everybody's, with the student named and nothing to cancel. */
  all: boolean;
};

export function Rows({ caption, id, submissions, metric, lines, all }: Props) {
  const others = metrics.filter((one) => one !== metric);
  const heading = (one: Metric) => ({ number: `${metricNames[one].replace(' accuracy', '').replace('Mean perturbation', 'Mean pert.')} %` });
  const acts = !all && submissions.some(isOpen);
  const heads = ['Submission', ...(all ? ['Student'] : []), heading(metric), 'State', ...others.map(heading), 'Perturbations', 'Submitted', ...(acts ? ['Act'] : [])];
  const range = usualRange(submissions.flatMap(({ evaluation: { score } }) => score?.[metric] ?? []));
  const form = `compare-${id}`;
  return (
    <div className="group/list">
      <Table caption={caption} heads={heads} empty="None.">
        {submissions.map((submission) => (
          <Row key={submission.id} {...{ submission, metric, others, range, all, acts, form }} line={lines.get(submission.evaluation.id)} />
        ))}
      </Table>
      {submissions.length > 1 && <CompareBar form={form} />}
    </div>
  );
}

/** Further from the middle than this, a figure would press all others together: it is written and not drawn. */
const farAway = 0.15;

export function usualRange(estimates: readonly Estimate[]): Range | null {
  const middle = median(estimates, ({ value }) => value);
  return middle === undefined ? null : rangeOf(estimates.filter(({ value }) => Math.abs(value - middle) <= farAway));
}

/** Comes up with the first that is chosen. */
function CompareBar({ form }: { form: string }) {
  return (
    <form
      id={form}
      method="get"
      action="/compare"
      className="sticky bottom-3 z-10 mt-3 hidden w-fit items-center gap-4 rounded-base border border-line-strong bg-surface px-4 py-2 shadow-[0_2px_12px_rgb(0_0_0/0.14)] group-has-[input:checked]/list:flex"
    >
      <p className="text-small">Two to five of them can be laid side by side.</p>
      <button type="submit" className={`${button.primary} !py-1.5`}>
        Compare
      </button>
      <button type="reset" className="link text-small">
        Choose none
      </button>
    </form>
  );
}

const dots = { queued: 'bg-line-strong', running: 'bg-accent', finished: 'bg-good', failed: 'bg-bad', cancelled: 'bg-line-strong' } as const;
const states = { queued: 'text-muted', running: 'font-medium text-accent', finished: 'text-muted', failed: 'font-medium text-bad', cancelled: 'text-muted' } as const;

const isOpen = ({ evaluation: { status } }: Submission) => status === 'queued' || status === 'running';

type RowProps = {
  submission: Submission;
  metric: Metric;
  others: readonly Metric[];
  range: Range | null;
  line: Line | undefined;
  all: boolean;
  acts: boolean;
  form: string;
};

function Row({ submission, metric, others, range, line, all, acts, form }: RowProps) {
  const { id, name, baseline, team, userName, createdAt, evaluation: { status, score } } = submission;
  const turn = line && lineText(line);
  return (
    <tr className="hover:bg-sunken has-[input:checked]:bg-accent-wash">
      <Th>
        <span className="flex items-start gap-2.5">
          <input type="checkbox" name="of" value={id} form={form} aria-label={`Compare ${name}`} className="mt-1 size-3.5 accent-accent" />
          <span className="min-w-0">
            <Link href={`/submissions/${id}`} prefetch={false} className="link">
              {name}
            </Link>
            <Marks submission={submission} />
          </span>
        </span>
      </Th>
      {all && (
        <Td>
          <span className="whitespace-nowrap">{baseline ? <span className="text-muted">baseline</span> : userName}</span>
          {team && <span className="block text-small text-muted">{team.name}</span>}
        </Td>
      )}
      <Td number>
        <Ranked score={score} metric={metric} range={range} />
      </Td>
      <Td>
        <span className={`inline-flex items-center gap-1.5 ${states[status]}`}>
          <span aria-hidden className={`size-1.5 rounded-full ${dots[status]}`} />
          {status}
        </span>
        {turn && <span className="figures block text-small whitespace-nowrap text-muted">{turn}</span>}
      </Td>
      {others.map((one) => (
        <Td key={one} number>
          {score?.[one] ? percent(score[one].value) : <span className="text-muted">–</span>}
        </Td>
      ))}
      <Td>
        <Shape score={score} />
      </Td>
      <Td>
        <Time at={createdAt} />
        {!all && team && <span className="block text-small text-muted">by {userName}</span>}
      </Td>
      {acts && (
        <Td>
          {isOpen(submission) && (
            <ActionForm action={cancel} label="Cancel" tone="danger" className="space-y-2">
              <input type="hidden" name="submission" value={id} />
            </ActionForm>
          )}
        </Td>
      )}
    </tr>
  );
}

type ScoreOf = Submission['evaluation']['score'];

function Ranked({ score, metric, range }: { score: ScoreOf; metric: Metric; range: Range | null }) {
  const estimate = score?.[metric];
  if (!estimate) return <span className="text-muted">–</span>;
  const drawn = range && estimate.low >= range.from && estimate.high <= range.to;
  return (
    <>
      <span className="flex items-center justify-end gap-2">
        {drawn && (
          <span className="w-16 text-accent max-sm:hidden">
            <Whisker estimate={estimate} range={range} />
          </span>
        )}
        <span className="font-semibold">{percent(estimate.value)}</span>
      </span>
      <span className="figures block text-micro text-muted">{interval(estimate)}</span>
    </>
  );
}

/** The scored perturbations in the protocol's order, which all rows share. */
function Shape({ score }: { score: ScoreOf }) {
  const kinds = (score?.perturbations ?? []).filter(({ scored }) => scored).map(({ perturbation: name, mean }) => ({ name, value: mean?.value ?? null }));
  if (kinds.every(({ value }) => value === null)) return <span className="text-muted">–</span>;
  return (
    <span className="text-accent">
      <Sparkline values={kinds.map(({ value }) => value)} label={sparklineText(kinds)} />
    </span>
  );
}

function Marks({ submission: { late, chosenAt, disqualified, evaluation } }: { submission: Submission }) {
  const flags = evaluation.score?.flags.length ?? 0;
  const marks = [
    evaluation.tier === 'headline' && 'headline only',
    chosenAt && 'chosen',
    late && 'late',
    disqualified && 'disqualified',
    flags > 0 && `${flags} masking ${flags === 1 ? 'flag' : 'flags'}`,
  ].filter(Boolean);
  return marks.length > 0 && <span className="block text-small font-normal text-muted">{marks.join(', ')}</span>;
}
