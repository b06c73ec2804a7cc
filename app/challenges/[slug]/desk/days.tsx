// Submissions over time, a bar a day, drawn on the server; the same as a table behind it.
import { scaleBand, scaleLinear } from 'd3-scale';
import { ChartTable } from '@/app/ui/chart-table';
import { EmptyState } from '@/app/ui/empty-state';
import { whole } from '@/app/ui/format';
import type { Day } from '@/lib/monitoring/desk';

const height = 190;
const margin = { top: 8, bottom: 24 };
/** From the axis up; told apart by lightness and by the legend's order too. */
const parts = [
  { key: 'finished', label: 'finished', fill: 'var(--color-series-1)' },
  { key: 'open', label: 'waiting or running', fill: 'var(--color-series-2)' },
  { key: 'cancelled', label: 'cancelled', fill: 'var(--color-line-strong)' },
  { key: 'failed', label: 'failed', fill: 'var(--color-bad)' },
] as const;

const total = (day: Day) => parts.reduce((sum, { key }) => sum + day[key], 0);
const dateText = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const nameOf = ({ day }: Day) => dateText.format(new Date(day));

export function Days({ days, timeZone }: { days: Day[]; timeZone: string }) {
  return (
    <section aria-labelledby="days">
      <h2 id="days" className="text-title font-semibold">
        Submissions over time
      </h2>
      {days.length === 0 ? (
        <div className="mt-3">
          <EmptyState title="Nobody has submitted yet">Every day’s submissions will stand here, by what became of them.</EmptyState>
        </div>
      ) : (
        <>
          <p className="mt-1 mb-2 flex flex-wrap gap-x-4 text-small text-muted">
            {parts.map(({ key, label, fill }) => (
              <span key={key} className="inline-flex items-center gap-1.5">
                <span aria-hidden className="inline-block size-2.5 rounded-[2px]" style={{ background: fill }} />
                {label}
              </span>
            ))}
          </p>
          <Bars days={days} />
          <ChartTable
            caption="Submissions by day"
            label={`As a table (days of ${timeZone})`}
            heads={['Day', ...parts.map(({ label }) => ({ number: label })), { number: 'all' }]}
            rows={days.map((day) => [day.day, ...parts.map(({ key }) => whole(day[key])), whole(total(day))] as const)}
          />
        </>
      )}
    </section>
  );
}

function Bars({ days }: { days: Day[] }) {
  // Places along the page are percentages, so that the words stay as large as they are on every screen.
  const x = scaleBand(days.map(({ day }) => day), [0, 100]).paddingInner(0.2);
  const most = Math.max(...days.map(total));
  const y = scaleLinear().domain([0, most]).nice(4).range([height - margin.bottom, margin.top]);
  const busiest = days.find((day) => total(day) === most)!;
  const says = `${days.reduce((sum, day) => sum + total(day), 0)} submissions on ${days.length} days, most on ${nameOf(busiest)}: ${most}`;
  return (
    <div className="pl-8">
      <svg width="100%" height={height} role="img" aria-label={says} className="figures block overflow-visible text-small">
        {y.ticks(4).filter(Number.isInteger).map((tick) => (
          <g key={tick}>
            <line x1="0" x2="100%" y1={y(tick)} y2={y(tick)} stroke="var(--color-line)" />
            <text x={-6} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-muted">
              {whole(tick)}
            </text>
          </g>
        ))}
        {days.map((day, i) => (
          <g key={day.day}>
            <title>{`${nameOf(day)}: ${parts.map(({ key, label }) => `${day[key]} ${label}`).join(', ')}`}</title>
            <Stack day={day} x={x(day.day)!} width={x.bandwidth()} y={y} />
            <text x={`${x(day.day)! + x.bandwidth() / 2}%`} y={height - 6} textAnchor="middle" className={`fill-muted ${namedOn(i, days.length)}`}>
              {nameOf(day)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Which days have their name under them: about a dozen, and on a narrow screen every third of those. */
function namedOn(place: number, of: number): string {
  const every = Math.ceil(of / 12);
  if (place % every !== 0) return 'hidden';
  return place % (3 * every) === 0 ? '' : 'max-sm:hidden';
}

function Stack({ day, x, width: thickness, y }: { day: Day; /** Percent. */ x: number; width: number; y: (value: number) => number }) {
  let below = 0;
  return parts.map(({ key, fill }) => {
    const from = below;
    below += day[key];
    return day[key] > 0 && <rect key={key} x={`${x}%`} width={`${thickness}%`} y={y(below)} height={y(from) - y(below)} fill={fill} />;
  });
}
