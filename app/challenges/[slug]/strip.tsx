// How everybody is spread by the primary metric: a bar for each slice of it, baselines named above, the viewer's own marked with its interval.
import { bin, extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { percent } from '@/app/ui/format';
import { Prerendered } from '@/app/ui/prerendered';
import type { Field } from '@/lib/leaderboard/field';
import type { Estimate, Metric } from '@/lib/evaluation/score';
import { metricName } from './columns';

// The drawing is as wide as the page, so places across are percentages; labels are laid out for a page of this many pixels.
const layoutWidth = 1100;
const barsHeight = 56;
const labelHeight = 15;
const letterWidth = 6.2;

/** Everybody's part of the drawing: how many lie in each slice, and the baselines. */
type Spread = {
  students: number;
  /** Of the axis, and of what is on it. */
  domain: readonly [number, number];
  extent: readonly [number, number];
  bars: readonly { from: number; to: number; count: number }[];
  marks: readonly { name: string; value: number }[];
};

const slices = 48;
const known = new WeakMap<Field, Spread | null>();

/** Once a field; null for a board of one. */
function spreadOf(field: Field): Spread | null {
  const found = known.get(field);
  if (found !== undefined) return found;
  const { values, marks } = field;
  const all = [...values, ...marks.map(({ value }) => value)];
  let spread: Spread | null = null;
  if (all.length >= 2) {
    const [least, most] = extent(all) as [number, number];
    const scale = scaleLinear().domain([least, most]).nice(8);
    const domain = scale.domain() as [number, number];
    const bars = bin().domain(domain).thresholds(scale.ticks(slices))([...values]);
    spread = Object.freeze<Spread>({
      students: values.length, domain, extent: [least, most], marks: marks.map(({ name, value }) => ({ name, value })),
      bars: bars.flatMap(({ x0, x1, length }) => (length > 0 ? { from: x0!, to: x1!, count: length } : [])),
    });
  }
  known.set(field, spread);
  return spread;
}

type Props = { field: Field; metric: Metric; mine: Estimate | null };

/** Nothing for a board of one. */
export function Strip({ field, metric, mine }: Props) {
  const spread = spreadOf(field);
  return spread && <Prerendered name="strip" of={Drawing} given={{ spread, metric, mine }} as="figure" />;
}

function Drawing({ spread: { students, domain, extent: [least, most], bars, marks }, metric, mine }: { spread: Spread; metric: Metric; mine: Estimate | null }) {
  const exact = scaleLinear().domain(domain).range([1, 99]);
  const scale = (value: number) => rounded(exact(value));
  const tallest = Math.max(1, ...bars.map(({ count }) => count));
  const labels = inLanes(marks.map(({ name, value }) => ({ name, x: scale(value) })));
  const top = labelHeight * (1 + Math.max(-1, ...labels.map(({ lane }) => lane)));
  const base = top + barsHeight + 6;
  return (
    <svg
      width="100%"
      height={base + 24}
      role="img"
      aria-label={`${metricName[metric]} of ${students} students and teams and ${marks.length} baselines, from ${percent(least)} to ${percent(most)} percent`}
      className="overflow-visible"
    >
      <line x1="0" x2="100%" y1={base} y2={base} stroke="var(--color-line-strong)" strokeWidth={0.75} />
      {exact.ticks(5).map((tick) => (
        <g key={tick}>
          <line x1={`${scale(tick)}%`} x2={`${scale(tick)}%`} y1={base} y2={base + 4} stroke="var(--color-line-strong)" />
          <text x={`${scale(tick)}%`} y={base + 17} textAnchor={scale(tick) > 97 ? 'end' : 'middle'} className="figures fill-muted text-micro">
            {percent(tick, 0)} %
          </text>
        </g>
      ))}
      <g fill="var(--color-accent)" fillOpacity={0.5}>
        {bars.map(({ from, to, count }) => (
          <rect
            key={from}
            x={`${scale(from)}%`}
            width={`${rounded(Math.max(0.3, exact(to) - exact(from) - 0.12))}%`}
            y={rounded(base - Math.max(2, (barsHeight * count) / tallest))}
            height={rounded(Math.max(2, (barsHeight * count) / tallest))}
          >
            <title>{`${percent(from)} to ${percent(to)} %: ${count}`}</title>
          </rect>
        ))}
      </g>
      <g className="max-md:hidden">
        {labels.map(({ name, x, lane }) => (
          <line key={name} x1={`${x}%`} x2={`${x}%`} y1={labelHeight * lane + 14} y2={base} stroke="var(--color-muted)" strokeDasharray="1 3" />
        ))}
      </g>
      {/* Edged by the page's colour: lines of names above pass behind. */}
      <g className="stroke-page [paint-order:stroke] [stroke-width:5px] max-md:hidden">
        {labels.map(({ name, x, lane }) => (
          <text key={name} x={`${x}%`} y={labelHeight * lane + 10} textAnchor={x < 6 ? 'start' : x > 94 ? 'end' : 'middle'} className="fill-muted text-micro">
            {name}
          </text>
        ))}
      </g>
      {mine && (
        <>
          <line
            x1={`${scale(Math.max(mine.low, domain[0]))}%`}
            x2={`${scale(Math.min(mine.high, domain[1]))}%`}
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
  );
}

/** No screen shows more. */
const rounded = (length: number) => +length.toFixed(2);

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
