// Figures with their intervals on one scale, a row each: a chart that is its own table. Drawn in percent of its width, so text never shrinks.
import type { ReactNode } from 'react';

export type Mark = {
  value: number;
  low?: number;
  high?: number;
  /** `hollow` is what the solid one is compared with. */
  look?: 'solid' | 'hollow';
  /** A CSS colour; ink without one. */
  colour?: string;
};

export type DotRow = {
  name: ReactNode;
  marks: readonly Mark[];
  /** What the marks say, in figures: the cell beside them. */
  figure: ReactNode;
  /** A stretch of the scale that is hatched. */
  shade?: { from: number; to: number };
};

/** Rows under a heading of their own; without one, the rows alone. */
export type DotGroup = { heading?: ReactNode; rows: readonly DotRow[] };

type Props = {
  caption: string;
  /** Heads of the names and of the figures. */
  heads: readonly [name: string, figure: string];
  groups: readonly DotGroup[];
  domain: readonly [number, number];
  ticks: readonly number[];
  format(tick: number): string;
  /** Where the line stands that rows are read against, e.g. 0 of a difference. */
  zero?: number;
};

const height = 26;

export function DotPlot({ caption, heads, groups, domain, ticks, format, zero }: Props) {
  const x = (value: number) => `${(100 * Math.max(0, Math.min(1, (value - domain[0]) / (domain[1] - domain[0])))).toFixed(2)}%`;
  return (
    <table className="dot-plot w-full text-small">
      <caption className="sr-only">{caption}</caption>
      <thead className="text-muted">
        <tr>
          <th scope="col" className="w-[1%] pr-4 pb-1 text-left align-bottom font-medium whitespace-nowrap">
            {heads[0]}
          </th>
          <td className="pb-1 align-bottom" aria-hidden>
            <svg width="100%" height={16} className="overflow-visible">
              {ticks.map((tick) => (
                <text key={tick} x={x(tick)} y={12} textAnchor="middle" className="figures fill-muted text-micro">
                  {format(tick)}
                </text>
              ))}
            </svg>
          </td>
          <th scope="col" className="w-[1%] pb-1 pl-4 text-right align-bottom font-medium whitespace-nowrap">
            {heads[1]}
          </th>
        </tr>
      </thead>
      {groups.map(({ heading, rows }, at) => (
        <tbody key={at}>
          {heading !== undefined && (
            <tr>
              <th scope="rowgroup" colSpan={3} className="pt-2.5 pb-0.5 text-left font-medium">
                {heading}
              </th>
            </tr>
          )}
          {rows.map((row, i) => (
            <tr key={i}>
              <th scope="row" className="py-0 pr-4 text-left font-normal max-sm:max-w-28 sm:whitespace-nowrap">
                {row.name}
              </th>
              <td className="p-0">
                <svg width="100%" height={height} aria-hidden className="block overflow-visible">
                  {ticks.map((tick) => (
                    <line key={tick} x1={x(tick)} x2={x(tick)} y1={0} y2={height} stroke="var(--color-line)" />
                  ))}
                  {zero !== undefined && <line x1={x(zero)} x2={x(zero)} y1={0} y2={height} stroke="var(--color-ink)" strokeWidth={1.25} />}
                  {row.shade && <Shade from={x(row.shade.from)} to={x(row.shade.to)} />}
                  {row.marks.map((mark, j) => (
                    <Drawn key={j} mark={mark} x={x} />
                  ))}
                </svg>
              </td>
              <td className="figures py-0 pl-4 text-right whitespace-nowrap">{row.figure}</td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Drawn({ mark: { value, low, high, look = 'solid', colour = 'var(--color-ink)' }, x }: { mark: Mark; x(value: number): string }) {
  const y = height / 2;
  const hollow = look === 'hollow';
  return (
    <g>
      {low !== undefined && high !== undefined && (
        <line x1={x(low)} x2={x(high)} y1={y} y2={y} stroke={colour} strokeWidth={hollow ? 1 : 2.5} strokeOpacity={hollow ? 0.8 : 0.45} />
      )}
      <circle cx={x(value)} cy={y} r={4} fill={hollow ? 'var(--color-page)' : colour} stroke={colour} strokeWidth={1.5} />
    </g>
  );
}

/** Both ends in percent, the smaller first. */
function Shade({ from, to }: { from: string; to: string }) {
  const [left, right] = [parseFloat(from), parseFloat(to)].sort((a, b) => a - b);
  return <rect x={`${left}%`} width={`${right - left}%`} y={4} height={height - 8} fill="var(--color-warn)" fillOpacity={0.22} />;
}
