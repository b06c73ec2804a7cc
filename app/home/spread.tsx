// A class in a line: how many students stand where by the primary metric, and where the viewer does.
import { bin, extent, max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { ChartTable } from '@/app/ui/chart-table';
import { percent } from '@/app/ui/format';

const bins = 40;
const height = 40;

type Props = { values: readonly number[]; mine: number | null; label: string };

export function Spread({ values, mine, label }: Props) {
  const [least, most] = extent(mine === null ? values : [...values, mine]);
  if (least === undefined || most === undefined) return null;
  const x = scaleLinear().domain([least, most]).nice(5).range([0, 100]);
  const [from, to] = x.domain();
  const width = (to - from) / bins;
  const counts = bin<number, number>().domain([from, to]).thresholds(Array.from({ length: bins - 1 }, (_, i) => from + (i + 1) * width))([...values]);
  const tallest = max(counts, ({ length }) => length) ?? 1;
  const says = `${label} of ${values.length} students, from ${percent(least)} to ${percent(most)} percent`;
  return (
    <figure className="w-full max-w-[24rem]">
      <svg width="100%" height={height + 16} role="img" aria-label={mine === null ? says : `${says}; yours is at ${percent(mine)}`} className="block overflow-visible">
        {counts.map((bucket, i) => {
          // One student is still seen beside a hundred.
          const tall = Math.max(2, (bucket.length / tallest) * height);
          return bucket.length === 0 ? null : (
            <rect
              key={i}
              x={`${(100 * i) / bins}%`}
              width={`${100 / bins - 0.4}%`}
              y={height - tall}
              height={tall}
              rx={1}
              fill="var(--color-accent)"
              opacity={0.55}
            />
          );
        })}
        <line x1="0" x2="100%" y1={height + 0.5} y2={height + 0.5} stroke="var(--color-line-strong)" />
        {mine !== null && <line x1={`${x(mine)}%`} x2={`${x(mine)}%`} y1={0} y2={height + 3} stroke="var(--color-mine-edge)" strokeWidth={3} />}
        <g className="figures fill-muted text-micro">
          <text x="0" y={height + 13}>
            {percent(from, 0)}
          </text>
          <text x="50%" y={height + 13} textAnchor="middle">
            {label.toLowerCase()}
          </text>
          <text x="100%" y={height + 13} textAnchor="end">
            {percent(to, 0)} %
          </text>
        </g>
      </svg>
      <ChartTable
        caption={says}
        heads={[`${label}, %`, { number: 'Students' }]}
        rows={counts.filter(({ length }) => length > 0).map(({ x0 = from, x1 = to, length }) => [`${percent(x0)}\u2013${percent(x1)}`, length] as const)}
      />
    </figure>
  );
}
