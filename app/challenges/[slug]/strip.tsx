// How everybody is spread by the primary metric: a bar for each slice of it, baselines named above, the viewer's own marked with its interval.
import { bin, extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { percent } from '@/app/ui/format';
import type { Field } from '@/lib/leaderboard/field';
import type { Estimate, Metric } from '@/lib/evaluation/score';
import { metricName } from './columns';

// The drawing is as wide as the page, so places across are percentages; labels are laid out for a page of this many pixels.
const layoutWidth = 1100;
const barsHeight = 56;
const labelHeight = 15;
const letterWidth = 6.2;

type Props = { field: Field; metric: Metric; mine: Estimate | null };

/** Nothing for a board of one. */
export function Strip({ field: { values, marks }, metric, mine }: Props) {
  const all = [...values, ...marks.map(({ value }) => value)];
  if (all.length < 2) return null;
  const [least, most] = extent(all) as [number, number];
  const scale = scaleLinear().domain([least, most]).nice(8).range([1, 99]);
  const bars = bin().domain(scale.domain() as [number, number]).thresholds(scale.ticks(48))([...values]);
  const tallest = Math.max(1, ...bars.map(({ length }) => length));
  const labels = inLanes(marks.map(({ name, value }) => ({ name, x: scale(value) })));
  const top = labelHeight * (1 + Math.max(-1, ...labels.map(({ lane }) => lane)));
  const base = top + barsHeight + 6;
  return (
    <figure>
      <svg
        width="100%"
        height={base + 24}
        role="img"
        aria-label={`${metricName[metric]} of ${values.length} students and teams and ${marks.length} baselines, from ${percent(least)} to ${percent(most)} percent`}
        className="overflow-visible"
      >
        <line x1="0" x2="100%" y1={base} y2={base} stroke="var(--color-line-strong)" strokeWidth={0.75} />
        {scale.ticks(5).map((tick) => (
          <g key={tick}>
            <line x1={`${scale(tick)}%`} x2={`${scale(tick)}%`} y1={base} y2={base + 4} stroke="var(--color-line-strong)" />
            <text x={`${scale(tick)}%`} y={base + 17} textAnchor={scale(tick) > 97 ? 'end' : 'middle'} className="figures fill-muted text-micro">
              {percent(tick, 0)} %
            </text>
          </g>
        ))}
        {bars.map(({ x0, x1, length }) =>
          length > 0 ? (
            <rect
              key={x0}
              x={`${scale(x0!).toFixed(2)}%`}
              width={`${Math.max(0.3, scale(x1!) - scale(x0!) - 0.12).toFixed(2)}%`}
              y={base - Math.max(2, (barsHeight * length) / tallest)}
              height={Math.max(2, (barsHeight * length) / tallest)}
              fill="var(--color-accent)"
              fillOpacity={0.5}
            >
              <title>{`${percent(x0!)} to ${percent(x1!)} %: ${length}`}</title>
            </rect>
          ) : null,
        )}
        {labels.map(({ name, x, lane }) => (
          <g key={name} className="max-md:hidden">
            <line x1={`${x}%`} x2={`${x}%`} y1={labelHeight * lane + 14} y2={base} stroke="var(--color-muted)" strokeDasharray="1 3" />
            <text x={`${x}%`} y={labelHeight * lane + 10} textAnchor={x < 6 ? 'start' : x > 94 ? 'end' : 'middle'} className="fill-muted text-micro">
              {name}
            </text>
          </g>
        ))}
        {mine && (
          <>
            <line
              x1={`${scale(Math.max(mine.low, scale.domain()[0]))}%`}
              x2={`${scale(Math.min(mine.high, scale.domain()[1]))}%`}
              y1={base}
              y2={base}
              stroke="var(--color-mine-edge)"
              strokeWidth={5}
            />
            <svg x={`${scale(mine.value)}%`} y={base} overflow="visible">
              <path d={`M0 0V${-barsHeight - 4}`} stroke="var(--color-mine-edge)" strokeWidth={2} />
              <circle r={5} cy={-barsHeight - 4} fill="var(--color-mine-edge)" stroke="var(--color-page)">
                <title>{`yours: ${percent(mine.value)} %`}</title>
              </circle>
            </svg>
          </>
        )}
      </svg>
    </figure>
  );
}

type Label = { name: string; x: number };

/** Stacks the names that would overlap. */
function inLanes(labels: readonly Label[]): (Label & { lane: number })[] {
  const ends: number[] = [];
  return labels
    .toSorted((a, b) => a.x - b.x)
    .map((label) => {
      const width = label.name.length * letterWidth + 16;
      const start = (label.x / 100) * layoutWidth - width / 2;
      const free = ends.findIndex((end) => start >= end);
      const lane = free === -1 ? ends.length : free;
      ends[lane] = start + width;
      return { ...label, lane };
    });
}
