// The field as a strip: every ranked model by its figure, this one marked with its interval, and the places that the data allow it.
import { bin } from 'd3-array';
import Link from 'next/link';
import { ChartTable } from '@/app/ui/chart-table';
import { percent, whole } from '@/app/ui/format';
import { phaseQuery } from '@/app/ui/phase-switch';
import type { Estimate } from '@/lib/evaluation/score';
import type { Standing } from '@/lib/leaderboard/ranked-field';
import type { Place } from '@/lib/leaderboard/rank-of';
import type { Submission } from '@/lib/submissions/read';

type Props = {
  field: readonly Standing[];
  /** This submission's own figure, also where another of its student counts. */
  estimate: Estimate | null;
  place: Place | null;
  /** The place may still come or change. */
  settling: boolean;
  submission: Submission;
};

const height = 64;
const columns = 72;

export function FieldStrip({ field, estimate, place, settling, submission: { challenge, evaluation } }: Props) {
  const others = field.filter((one) => !one.this);
  const baselines = others.filter(({ baseline }) => baseline !== null);
  return (
    <div className="min-w-0">
      <PlaceText {...{ place, settling, estimate, field }} board={`/challenges/${challenge.slug}${phaseQuery(evaluation.phase)}`} />
      {place && <RankInterval place={place} />}
      {others.length > 0 && (
        <>
          <Strip others={others} estimate={estimate} />
          <ChartTable
            caption={`The field: ${whole(field.length)} ranked models`}
            heads={['Model', { number: '%' }]}
            rows={[
              ...(estimate ? [['This one', percent(estimate.value)] as const] : []),
              ...baselines.map(({ baseline, value }) => [baseline, percent(value)] as const),
              ...quartiles(others.map(({ value }) => value)),
            ]}
          />
        </>
      )}
    </div>
  );
}

/** Of values in descending order. */
function quartiles(values: readonly number[]): (readonly [string, string])[] {
  if (values.length < 4) return [];
  const at = (share: number) => percent(values[Math.round((values.length - 1) * share)]);
  return [['Best of the others', at(0)], ['A quarter is above', at(0.25)], ['Half is above', at(0.5)], ['Three quarters are above', at(0.75)], ['Lowest', at(1)]];
}

function Strip({ others, estimate }: { others: readonly Standing[]; estimate: Estimate | null }) {
  const values = others.map(({ value }) => value);
  const ends = estimate ? [...values, estimate.low, estimate.high] : values;
  const margin = Math.max(0.004, (Math.max(...ends) - Math.min(...ends)) * 0.03);
  const [from, to] = [Math.max(0, Math.min(...ends) - margin), Math.min(1, Math.max(...ends) + margin)];
  const x = (value: number) => `${((100 * (value - from)) / (to - from)).toFixed(2)}%`;
  const step = (to - from) / columns;
  const bins = bin().domain([from, to]).thresholds(Array.from({ length: columns - 1 }, (_, i) => from + (i + 1) * step))(values);
  const most = Math.max(...bins.map(({ length }) => length));
  const each = Math.min(7, height / most);
  const baselines = others.filter(({ baseline }) => baseline !== null);
  const ticks = ticksOf(from, to);
  return (
    <figure className="mt-4">
      <svg width="100%" height={height + 38} role="img" aria-label={describe(others, estimate)} className="block overflow-visible">
        {bins.map((its, i) =>
          its.length === 0 ? null : (
            <rect
              key={i}
              x={x(from + (i + 0.12) * step)}
              width={`${(76 / columns).toFixed(3)}%`}
              y={height - its.length * each}
              height={its.length * each}
              rx={1}
              fill="var(--color-line-strong)"
              fillOpacity={0.55}
            />
          ),
        )}
        <line x1="0" x2="100%" y1={height + 0.5} y2={height + 0.5} stroke="var(--color-line-strong)" strokeOpacity={0.6} />
        {ticks.map((tick) => (
          <text key={tick} x={x(tick)} y={height + 31} textAnchor="middle" className="figures fill-muted text-micro">
            {percent(tick, ticks.length > 1 && ticks[1] - ticks[0] < 0.01 ? 1 : 0)}
          </text>
        ))}
        {baselines.map(({ baseline, value }) => (
          <g key={`${baseline} ${value}`}>
            <line x1={x(value)} x2={x(value)} y1={height + 2} y2={height + 12} stroke="var(--color-ink)" strokeWidth={2} />
            <title>{`${baseline}: ${percent(value)} %`}</title>
          </g>
        ))}
        {estimate && (
          <g>
            <rect x={x(estimate.low)} width={`${parseFloat(x(estimate.high)) - parseFloat(x(estimate.low))}%`} y={0} height={height} fill="var(--color-mine-edge)" fillOpacity={0.22} />
            <line x1={x(estimate.value)} x2={x(estimate.value)} y1={-4} y2={height + 12} stroke="var(--color-mine-edge)" strokeWidth={3} />
          </g>
        )}
      </svg>
      <figcaption className="figures flex flex-wrap gap-x-4 text-micro text-muted">
        {estimate && (
          <span>
            <span aria-hidden className="mr-1 inline-block h-2.5 w-[3px] bg-mine-edge align-[-1px]" />
            this one
          </span>
        )}
        {baselines.map(({ baseline, value }) => (
          <span key={`${baseline} ${value}`} className="whitespace-nowrap">
            <span aria-hidden className="mr-1 inline-block h-2.5 w-[2px] bg-ink align-[-1px]" />
            {baseline} {percent(value)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** A handful of round figures within the range. */
function ticksOf(from: number, to: number): number[] {
  const step = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2].find((one) => (to - from) / one <= 6) ?? 0.25;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
}

function describe(others: readonly Standing[], estimate: Estimate | null): string {
  const values = others.map(({ value }) => value);
  const spread = `${others.length} other ranked models, from ${percent(Math.min(...values))} to ${percent(Math.max(...values))} percent`;
  return estimate ? `This one at ${percent(estimate.value)} percent among ${spread}` : spread;
}

/** The places from the first to the last, with those that the data allow. */
function RankInterval({ place: { rank, low, high, of } }: { place: Place }) {
  const x = (at: number) => `${of > 1 ? ((100 * (at - 1)) / (of - 1)).toFixed(2) : 50}%`;
  return (
    <svg width="100%" height={30} aria-hidden className="mt-2 block overflow-visible">
      <line x1="0" x2="100%" y1={9} y2={9} stroke="var(--color-line)" strokeWidth={2} />
      <line x1={x(low)} x2={x(high)} y1={9} y2={9} stroke="var(--color-mine-edge)" strokeWidth={6} strokeLinecap="round" strokeOpacity={0.65} />
      <line x1={x(rank)} x2={x(rank)} y1={2} y2={16} stroke="var(--color-mine-edge)" strokeWidth={3} />
      <text x="0" y={28} className="figures fill-muted text-micro">
        1st
      </text>
      <text x="100%" y={28} textAnchor="end" className="figures fill-muted text-micro">
        {whole(of)}th
      </text>
    </svg>
  );
}

type TextProps = Pick<Props, 'place' | 'settling' | 'estimate' | 'field'> & { board: string };

function PlaceText({ place, settling, estimate, field, board: address }: TextProps) {
  const board = (
    <Link href={address} className="link">
      leaderboard
    </Link>
  );
  if (place) {
    const { low, high, of } = place;
    return (
      <p>
        Place <span className="figures font-semibold">{low === high ? low : `${low}–${high}`}</span> of {whole(of)} on the {board}
        {low !== high && <span className="block text-small text-muted">The data allow every place in between: their differences may be luck.</span>}
      </p>
    );
  }
  if (settling) return <p className="text-muted">Its place on the {board} is to come.</p>;
  const above = estimate && field.filter(({ value }) => value > estimate.value).length;
  return (
    <p>
      Not the one that counts on the {board}.
      {above !== null && field.length > 0 && (
        <span className="figures block text-small text-muted">
          By its figure alone, {above === 0 ? 'none' : whole(above)} of the {whole(field.length)} ranked models {above === 1 ? 'stands' : 'stand'} above it.
        </span>
      )}
    </p>
  );
}
