// The accuracy–epsilon figure, drawn on the server in percent of its width: a line and a band per attack, named at its end, the worst case bold.
import { area, line } from 'd3-shape';
import { epsilon as epsilonText, percent } from '@/app/ui/format';
import { seriesOf } from '@/app/ui/series';
import type { Estimate } from '@/lib/evaluation/score';
import { apart } from './apart';

export type Point = { epsilon: number; estimate: Estimate };
export type Curve = { name: string; points: Point[] };

const height = 280;
const labelHeight = 15;

type Props = { curves: readonly Curve[]; worst: readonly Point[]; most: number; label: string };

export function Curves({ curves, worst, most, label }: Props) {
  const x = (epsilon: number) => 100 * (epsilon / most);
  const y = (value: number) => height * (1 - value);
  const clean = worst.find(({ epsilon }) => epsilon === 0);
  const lines = curves.map(({ name, points }, i) => ({ name, points: clean && points.length > 0 ? [clean, ...points] : points, ...seriesOf(i), bold: false }));
  const bold = { name: 'Worst case', points: [...worst], colour: 'var(--color-ink)', dash: 'none', bold: true };
  const all = [...lines, bold].filter(({ points }) => points.length > 0);
  const named = all.filter(({ points }) => points.at(-1)!.epsilon > 0);
  const places = apart(named.map(({ points }) => y(points.at(-1)!.estimate.value)), labelHeight, height);
  const ladder = [...new Set(curves.flatMap(({ points }) => points.map(({ epsilon }) => epsilon)))].sort((a, b) => a - b);
  return (
    <figure className="pt-2 pr-[6.5rem] pb-9 pl-9">
      <svg width="100%" height={height} role="img" aria-label={label} className="figures block overflow-visible text-small">
        {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
          <g key={tick}>
            <line x1="0" x2="100%" y1={y(tick)} y2={y(tick)} stroke="var(--color-line)" />
            <text x={-8} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-muted">
              {percent(tick, 0)}
            </text>
          </g>
        ))}
        <Guess y={y(0.1)} />
        <Radii ladder={ladder} x={x} most={most} />
        {/* Paths know no percentages: they are drawn on a field of 100 by the height that is pulled to the width. */}
        <svg width="100%" height={height} viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" className="overflow-visible">
          {all.map(({ name, points, colour, bold: isBold }) => (
            <path key={name} d={area<Point>(({ epsilon }) => x(epsilon), ({ estimate }) => y(estimate.low), ({ estimate }) => y(estimate.high))(points) ?? undefined} fill={colour} fillOpacity={isBold ? 0.16 : 0.07} />
          ))}
          {all.map(({ name, points, colour, dash, bold: isBold }) => (
            <path
              key={name}
              d={line<Point>(({ epsilon }) => x(epsilon), ({ estimate }) => y(estimate.value))(points) ?? undefined}
              fill="none"
              stroke={colour}
              strokeWidth={isBold ? 3 : 1.75}
              strokeDasharray={dash}
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
        {all.map(({ name, points, colour, bold: isBold }) =>
          points.map(({ epsilon, estimate }) => (
            <circle key={`${name} ${epsilon}`} cx={`${x(epsilon)}%`} cy={y(estimate.value)} r={isBold ? 3.5 : 2.5} fill={colour}>
              <title>{`${name}, ε ${epsilonText(epsilon)}: ${percent(estimate.value)} %`}</title>
            </circle>
          )),
        )}
        {named.map(({ name, points, colour, dash, bold: isBold }, i) => (
          <g key={name}>
            <EndLabel name={name} bold={isBold} colour={colour} dash={dash} from={{ x: x(points.at(-1)!.epsilon), y: y(points.at(-1)!.estimate.value) }} y={places[i]} />
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** What somebody who guesses gets right. */
function Guess({ y }: { y: number }) {
  return (
    <g>
      <line x1="0" x2="100%" y1={y} y2={y} stroke="var(--color-line-strong)" strokeDasharray="1 4" />
      <text x={4} y={y - 4} className="fill-muted text-micro">
        guessing
      </text>
    </g>
  );
}

/** The radii that were attacked; those too close to the next keep their mark and lose their name. */
function Radii({ ladder, x, most }: { ladder: readonly number[]; x(epsilon: number): number; most: number }) {
  let last = -Infinity;
  return (
    <g className="fill-muted">
      {[0, ...ladder].map((epsilon) => {
        const far = epsilon - last >= most * 0.085;
        if (far) last = epsilon;
        return (
          <g key={epsilon}>
            <line x1={`${x(epsilon)}%`} x2={`${x(epsilon)}%`} y1={height} y2={height + 4} stroke="var(--color-line-strong)" />
            {far && (
              <text x={`${x(epsilon)}%`} y={height + 18} textAnchor="middle" className={epsilon === 0 || epsilon === most ? '' : 'max-sm:hidden'}>
                {epsilonText(epsilon)}
              </text>
            )}
          </g>
        );
      })}
      <text x="50%" y={height + 34} textAnchor="middle">
        radius ε
      </text>
    </g>
  );
}

type LabelProps = { name: string; bold: boolean; colour: string; dash: string; from: { x: number; y: number }; y: number };

/** The name beside the end of its line, led to where there was no room. */
function EndLabel({ name, bold, colour, dash, from, y }: LabelProps) {
  return (
    <g>
      <svg x={`${from.x}%`} y={0} width={1} height={1} className="overflow-visible">
        <path d={`M5 ${from.y}L14 ${y}H26`} fill="none" stroke={colour} strokeWidth={bold ? 2 : 1.25} strokeDasharray={dash} strokeOpacity={0.8} />
        <text x={30} y={y} dy="0.34em" className={bold ? 'fill-ink font-semibold' : 'fill-ink'}>
          {name}
        </text>
      </svg>
    </g>
  );
}
