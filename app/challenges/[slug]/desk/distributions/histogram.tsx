// One small histogram over its own box: drawn on the server, every one on the same horizontal scale.
import { scaleLinear } from 'd3-scale';
import { percent } from '@/app/ui/format';
import { binCount, type Spread } from '@/lib/monitoring/spread';

const height = 84;
const base = 58;

export function Histogram({ label, spread }: { label: string; spread: Spread }) {
  const { bins, least, most, quartiles, students } = spread;
  const [low, median, high] = quartiles;
  // Percent, so that the words stay as large as they are however wide the figure is.
  const x = scaleLinear([0, 1], [0, 100]);
  const at = (value: number) => `${x(value).toFixed(2)}%`;
  const y = scaleLinear([0, Math.max(...bins)], [base, 6]);
  const thickness = (x(1) - x(0)) / binCount;
  const says = `${label}: median ${percent(median)} percent of ${students} students, half of them from ${percent(low)} to ${percent(high)}`;
  return (
    <figure>
      <figcaption className="flex items-baseline justify-between gap-2 text-small">
        <span className="truncate font-medium">{label}</span>
        <span className="figures text-muted">{percent(median)} %</span>
      </figcaption>
      <svg width="100%" height={height} role="img" aria-label={says} className="figures block overflow-visible text-micro">
        {bins.map(
          (count, i) =>
            count > 0 && (
              <rect key={i} x={at(i / binCount)} width={`${(thickness * 0.86).toFixed(2)}%`} y={y(count)} height={base - y(count)} fill="var(--color-series-1)" />
            ),
        )}
        <line x1={at(0)} x2={at(1)} y1={base + 0.5} y2={base + 0.5} stroke="var(--color-line-strong)" />
        <line x1={at(least)} x2={at(most)} y1={base + 7} y2={base + 7} stroke="var(--color-muted)" />
        <rect x={at(low)} width={`${Math.max(0.5, x(high) - x(low))}%`} y={base + 4.5} height={5} fill="var(--color-muted)" />
        <line x1={at(median)} x2={at(median)} y1={base + 2.5} y2={base + 11.5} stroke="var(--color-ink)" strokeWidth={2} />
        {[0, 0.5, 1].map((tick) => (
          <text key={tick} x={at(tick)} y={height - 2} textAnchor={tick === 0 ? 'start' : tick === 1 ? 'end' : 'middle'} className="fill-muted">
            {percent(tick, 0)}
          </text>
        ))}
      </svg>
    </figure>
  );
}
