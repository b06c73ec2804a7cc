// Submissions over time, a bar a day, drawn on the server; the same as a table behind it.
import { scaleBand, scaleLinear } from 'd3-scale';
import { whole } from '@/app/ui/format';
import { Td, Th, Table } from '@/app/ui/table';
import type { Day } from '@/lib/monitoring/desk';

const width = 1100;
const height = 190;
const margin = { top: 8, right: 4, bottom: 24, left: 38 };
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
        <p className="mt-2 text-muted">Nobody has submitted yet.</p>
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
          <details className="mt-2">
            <summary className="link text-small">As a table (days of {timeZone})</summary>
            <div className="mt-3 max-w-[46rem]">
              <Table caption="Submissions by day" empty="None." heads={['Day', ...parts.map(({ label }) => ({ number: label })), { number: 'all' }]}>
                {days.map((day) => (
                  <tr key={day.day}>
                    <Th>{day.day}</Th>
                    {parts.map(({ key }) => (
                      <Td key={key} number>
                        {whole(day[key])}
                      </Td>
                    ))}
                    <Td number>{whole(total(day))}</Td>
                  </tr>
                ))}
              </Table>
            </div>
          </details>
        </>
      )}
    </section>
  );
}

function Bars({ days }: { days: Day[] }) {
  const x = scaleBand(days.map(({ day }) => day), [margin.left, width - margin.right]).paddingInner(0.2);
  const most = Math.max(...days.map(total));
  const y = scaleLinear().domain([0, most]).nice(4).range([height - margin.bottom, margin.top]);
  const every = Math.ceil(days.length / 12);
  const busiest = days.find((day) => total(day) === most)!;
  const says = `${days.reduce((sum, day) => sum + total(day), 0)} submissions on ${days.length} days, most on ${nameOf(busiest)}: ${most}`;
  return (
    <div role="region" aria-label="Chart of submissions by day" tabIndex={0} className="overflow-x-auto">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={says} className="figures w-full min-w-[40rem] text-small">
        {y.ticks(4).filter(Number.isInteger).map((tick) => (
          <g key={tick}>
            <line x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} stroke="var(--color-line)" />
            <text x={margin.left - 6} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-muted">
              {whole(tick)}
            </text>
          </g>
        ))}
        {days.map((day, i) => (
          <g key={day.day}>
            <title>{`${nameOf(day)}: ${parts.map(({ key, label }) => `${day[key]} ${label}`).join(', ')}`}</title>
            <Stack day={day} x={x(day.day)!} width={x.bandwidth()} y={y} />
            {i % every === 0 && (
              <text x={x(day.day)! + x.bandwidth() / 2} y={height - 6} textAnchor="middle" className="fill-muted">
                {nameOf(day)}
              </text>
            )}
          </g>
        ))}
      </svg>
    </div>
  );
}

function Stack({ day, x, width: thickness, y }: { day: Day; x: number; width: number; y: (value: number) => number }) {
  let below = 0;
  return parts.map(({ key, fill }) => {
    const from = below;
    below += day[key];
    return day[key] > 0 && <rect key={key} x={x} width={thickness} y={y(below)} height={y(from) - y(below)} fill={fill} />;
  });
}
