// The accuracy–epsilon figure, drawn on the server: lines told apart by colour, dash and a label at their end.
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { epsilon as epsilonText, percent } from '@/app/ui/format';
import type { Estimate } from '@/lib/evaluation/score';

export type Point = { epsilon: number; estimate: Estimate };
export type Curve = { name: string; points: Point[] };

const width = 520;
const height = 268;
const margin = { top: 10, right: 8, bottom: 34, left: 46 };
const colours = ['var(--color-series-1)', 'var(--color-series-2)', 'var(--color-series-3)', 'var(--color-series-4)'];
/** A new dash with every colour, and another one when the colours come round again. */
const dashes = ['none', '6 3', '2 3', '8 3 2 3', '10 4', '1 3', '4 2 1 2', '12 2'];

type Props = { curves: Curve[]; worst: Point[]; most: number };

export function Curves({ curves, worst, most }: Props) {
  const x = scaleLinear()
    .domain([0, most])
    .range([margin.left, width - margin.right]);
  const y = scaleLinear()
    .domain([0, 1])
    .range([height - margin.bottom, margin.top]);
  const path = line<Point>(
    (point) => x(point.epsilon),
    (point) => y(point.estimate.value),
  );
  const band = area<Point>(
    (point) => x(point.epsilon),
    (point) => y(point.estimate.low),
    (point) => y(point.estimate.high),
  );
  const clean = worst.find(({ epsilon }) => epsilon === 0);
  return (
    <figure>
      <svg viewBox={`0 0 ${width} ${height}`} className="figures w-full text-small" role="img" aria-label={describe(worst)}>
        {y.ticks(5).map((tick) => (
          <g key={tick}>
            <line x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} stroke="var(--color-line)" />
            <text x={margin.left - 7} y={y(tick)} dy="0.32em" textAnchor="end" className="fill-muted">
              {percent(tick, 0)}
            </text>
          </g>
        ))}
        {x.ticks(5).map((tick) => (
          <text key={tick} x={x(tick)} y={height - margin.bottom + 16} textAnchor="middle" className="fill-muted">
            {epsilonText(tick)}
          </text>
        ))}
        <text x={width - margin.right} y={height - 2} textAnchor="end" className="fill-muted">
          radius ε
        </text>
        <path d={band(worst) ?? undefined} fill="var(--color-ink)" fillOpacity={0.1} />
        {curves.map(({ name, points }, i) => (
          <g key={name}>
            <path
              d={path(clean ? [clean, ...points] : points) ?? undefined}
              fill="none"
              stroke={colours[i % colours.length]}
              strokeWidth={1.75}
              strokeDasharray={dashes[i % dashes.length]}
              strokeLinejoin="round"
            />
            {points.map((point) => (
              <circle key={point.epsilon} cx={x(point.epsilon)} cy={y(point.estimate.value)} r={2.5} fill={colours[i % colours.length]}>
                <title>{`${name}, ε ${epsilonText(point.epsilon)}: ${percent(point.estimate.value)} %`}</title>
              </circle>
            ))}
          </g>
        ))}
        <path d={path(worst) ?? undefined} fill="none" stroke="var(--color-ink)" strokeWidth={2.5} strokeLinejoin="round" />
        {worst.map((point) => (
          <circle key={point.epsilon} cx={x(point.epsilon)} cy={y(point.estimate.value)} r={3.25} fill="var(--color-ink)" />
        ))}
      </svg>
      <figcaption className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-small text-muted">
        {curves.map(({ name }, i) => (
          <Key key={name} name={name} colour={colours[i % colours.length]} dash={dashes[i % dashes.length]} width={1.75} />
        ))}
        <Key name="Worst case, with its interval" colour="var(--color-ink)" dash="none" width={2.5} />
      </figcaption>
    </figure>
  );
}

function Key({ name, colour, dash, width: stroke }: { name: string; colour: string; dash: string; width: number }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <svg width={24} height={6} aria-hidden>
        <line x1={0} x2={24} y1={3} y2={3} stroke={colour} strokeWidth={stroke} strokeDasharray={dash} />
      </svg>
      {name}
    </span>
  );
}

function describe(worst: Point[]): string {
  const said = worst.map(({ epsilon, estimate }) => `${percent(estimate.value)} percent at epsilon ${epsilonText(epsilon)}`);
  return said.length > 0 ? `Worst-case accuracy over epsilon: ${said.join(', ')}` : 'Accuracy over epsilon; nothing is measured yet';
}
