// One small histogram over its own box: drawn on the server, every one on the same horizontal scale.
import { scaleLinear } from 'd3-scale';
import { percent } from '@/app/ui/format';
import { binCount, type Spread } from '@/lib/monitoring/spread';

const width = 200;
const height = 84;
const base = 58;

export function Histogram({ label, spread }: { label: string; spread: Spread }) {
  const { bins, least, most, quartiles, students } = spread;
  const [low, median, high] = quartiles;
  const x = scaleLinear([0, 1], [2, width - 2]);
  const y = scaleLinear([0, Math.max(...bins)], [base, 6]);
  const thickness = (x(1) - x(0)) / binCount;
  const says = `${label}: median ${percent(median)} percent of ${students} students, half of them from ${percent(low)} to ${percent(high)}`;
  return (
    <figure>
      <figcaption className="flex items-baseline justify-between gap-2 text-small">
        <span className="truncate font-medium">{label}</span>
        <span className="figures text-muted">{percent(median)} %</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={says} className="figures w-full text-micro">
        {bins.map(
          (count, i) =>
            count > 0 && (
              <rect key={i} x={x(i / binCount) + 0.5} width={thickness - 1} y={y(count)} height={base - y(count)} fill="var(--color-series-1)" />
            ),
        )}
        <line x1={x(0)} x2={x(1)} y1={base + 0.5} y2={base + 0.5} stroke="var(--color-line-strong)" />
        <line x1={x(least)} x2={x(most)} y1={base + 7} y2={base + 7} stroke="var(--color-muted)" />
        <rect x={x(low)} width={Math.max(1, x(high) - x(low))} y={base + 4.5} height={5} fill="var(--color-muted)" />
        <line x1={x(median)} x2={x(median)} y1={base + 2.5} y2={base + 11.5} stroke="var(--color-ink)" strokeWidth={2} />
        {[0, 0.5, 1].map((tick) => (
          <text key={tick} x={x(tick)} y={height - 2} textAnchor={tick === 0 ? 'start' : tick === 1 ? 'end' : 'middle'} className="fill-muted">
            {percent(tick, 0)}
          </text>
        ))}
      </svg>
    </figure>
  );
}
