// Every model by two figures and its size: what is gained in one is often lost in the other, and the front is what nobody beats in both.
import Link from 'next/link';
import { extent, max } from 'd3-array';
import { scaleLinear, scaleSqrt } from 'd3-scale';
import { line } from 'd3-shape';
import { ChartTable } from '@/app/ui/chart-table';
import { percent, short } from '@/app/ui/format';
import { phaseQuery } from '@/app/ui/phase-switch';
import { metrics, type Metric } from '@/lib/evaluation/score';
import type { BoardPage, ListedRow } from '@/lib/leaderboard/board';
import { frontOf } from '@/lib/leaderboard/front';
import { hrefOf, type Address } from './address';
import { columns, metricName } from './columns';
import { Frame, Stretched } from './frame';

const height = 440;
/** Beyond so many, those that are nobody's and on no front are dots without names. */
const named = 400;

type Point = { row: ListedRow; x: number; y: number };

export function Scatter({ board, address }: { board: BoardPage; address: Address }) {
  const [x, y] = axesOf(board, address);
  const points = board.rows.flatMap((row): Point[] => {
    const [one, other] = [row.score?.[x]?.value, row.score?.[y]?.value];
    return one === undefined || other === undefined ? [] : [{ row, x: one, y: other }];
  });
  return (
    <figure className="mt-4">
      <div className="flex flex-wrap gap-x-8 gap-y-1 text-small">
        <Axis name="Across" now={x} hrefOfAxis={(metric) => hrefOf(address, { x: metric, y: metric === y ? x : y })} />
        <Axis name="Up" now={y} hrefOfAxis={(metric) => hrefOf(address, { y: metric, x: metric === x ? y : x })} />
      </div>
      {points.length === 0 ? (
        <p className="mt-6 text-muted">
          No model here has both {metricName[x]} and {metricName[y]} yet.
        </p>
      ) : (
        <Plot points={points} x={x} y={y} query={phaseQuery(board.phase)} />
      )}
    </figure>
  );
}

/** What was asked for, and else clean across and robust up, where anybody has a robust figure. */
function axesOf({ field: { scales }, challenge: { primaryMetric } }: BoardPage, address: Address): [Metric, Metric] {
  const x = address.x ?? 'clean';
  const wished = address.y ?? (scales.robust ? 'robust' : primaryMetric);
  return [x, wished === x ? metrics.find((metric) => metric !== x)! : wished];
}

type AxisProps = { name: string; now: Metric; hrefOfAxis: (metric: Metric) => string };

function Axis({ name, now, hrefOfAxis }: AxisProps) {
  return (
    <nav aria-label={name} className="flex flex-wrap items-center gap-x-1">
      <span className="mr-1 text-muted">{name}</span>
      {metrics.map((metric) => (
        <Link
          key={metric}
          href={hrefOfAxis(metric)}
          prefetch={false}
          scroll={false}
          aria-current={metric === now ? 'true' : undefined}
          className={`rounded-base border px-2 py-0.5 ${metric === now ? 'border-line-strong bg-surface font-medium' : 'border-transparent text-muted hover:text-ink'}`}
        >
          {columns[metric].label}
        </Link>
      ))}
    </nav>
  );
}

function Plot({ points, x, y, query }: { points: readonly Point[]; x: Metric; y: Metric; query: string }) {
  const across = scaleLinear().domain(padded(points.map((point) => point.x))).nice(8).range([0, 100]);
  const up = scaleLinear().domain(padded(points.map((point) => point.y))).nice(7).range([height, 0]);
  const radius = scaleSqrt().domain([0, max(points, ({ row }) => row.parameters) || 1]).range([2, 9]);
  const front = frontOf(points);
  const onFront = new Set(front);
  const apart = points.filter((point) => points.length <= named || point.row.mine || point.row.baseline || onFront.has(point));
  const apartSet = new Set(apart);
  const dots = points.filter((point) => !apartSet.has(point));
  // The viewer's own last, over all others.
  const drawn = apart.toSorted((a, b) => rankOfMark(a, onFront) - rankOfMark(b, onFront) || b.row.parameters - a.row.parameters);
  const staircase = line<Point>(({ x: at }) => +across(at).toFixed(2), ({ y: at }) => +up(at).toFixed(1))(front);
  const at = (point: Point) => ({ cx: `${across(point.x).toFixed(2)}%`, cy: up(point.y).toFixed(1) });
  return (
    <>
      <Frame
        height={height}
        across={across.ticks(8).map((tick) => ({ at: across(tick), text: percent(tick, 0) }))}
        up={up.ticks(7).map((tick) => ({ at: up(tick), text: percent(tick, 0) }))}
        acrossLabel={`${metricName[x]}, %`}
        upLabel={`${metricName[y]}, %`}
        says={`${points.length} models by ${metricName[x]} and ${metricName[y]}; ${front.length} of them are beaten in both by none`}
      >
        <Stretched height={height}>
          {dots.length > 0 && (
            <path
              d={dots.map((point) => `M${across(point.x).toFixed(2)} ${up(point.y).toFixed(1)}h0`).join('')}
              stroke="var(--color-accent)"
              strokeOpacity={0.35}
              strokeWidth={4.5}
              strokeLinecap="round"
            />
          )}
          {staircase && <path d={staircase} fill="none" stroke="var(--color-ink)" strokeWidth={1.25} strokeDasharray="5 3" />}
        </Stretched>
        {drawn.map((point) => (
          <Mark key={point.row.submissionId} point={point} place={at(point)} radius={radius(point.row.parameters)} front={onFront.has(point)} query={query} />
        ))}
        {labelled(front, drawn, across, up).map(({ point, dy }) => (
          <text
            key={point.row.submissionId}
            x={`${across(point.x)}%`}
            y={up(point.y) + dy}
            textAnchor={across(point.x) > 85 ? 'end' : across(point.x) < 10 ? 'start' : 'middle'}
            className="fill-ink stroke-page text-micro [paint-order:stroke] [stroke-width:3px]"
          >
            {cut(nameOf(point.row))}
          </text>
        ))}
      </Frame>
      <figcaption className="max-w-[90ch] text-small text-muted">
        Area is the number of parameters. The dashed line is the Pareto front: no model is better than these in both figures. Diamonds are
        baselines; amber is yours.
        {dots.length > 0 && ` The ${dots.length} small dots are models that are none of these; the table lists everybody.`}
      </figcaption>
      <ChartTable
        caption={`Models by ${metricName[x]} and ${metricName[y]}`}
        heads={['Model', { number: `${columns[x].label}, %` }, { number: `${columns[y].label}, %` }, { number: 'Parameters' }, 'On the front']}
        rows={apart
          .toSorted((a, b) => b.y - a.y)
          .map((point) => [nameOf(point.row), percent(point.x), percent(point.y), short(point.row.parameters), onFront.has(point) ? 'yes' : ''])}
      />
    </>
  );
}

const rankOfMark = (point: Point, front: ReadonlySet<Point>) => (point.row.mine ? 3 : point.row.baseline ? 2 : front.has(point) ? 1 : 0);
const nameOf = ({ baseline, name, by }: ListedRow) => (baseline ? name : by);
const cut = (name: string) => (name.length > 24 ? `${name.slice(0, 23)}…` : name);

function padded(values: readonly number[]): [number, number] {
  const [least, most] = extent(values) as [number, number];
  const margin = (most - least) * 0.04 || 0.01;
  return [Math.max(0, least - margin), Math.min(1, most + margin)];
}

type MarkProps = { point: Point; place: { cx: string; cy: string }; radius: number; front: boolean; query: string };

function Mark({ point: { row, x, y }, place, radius, front, query }: MarkProps) {
  const label = `${nameOf(row)}${row.baseline ? ' (baseline)' : row.mine ? ' (yours)' : ''}: ${percent(x)} and ${percent(y)} %, ${short(row.parameters)} parameters`;
  const colour = row.mine ? 'var(--color-mine-edge)' : row.baseline ? 'var(--color-muted)' : 'var(--color-accent)';
  const stroke = front ? 'var(--color-ink)' : 'var(--color-page)';
  const mark = row.baseline ? (
    <svg x={place.cx} y={place.cy} overflow="visible">
      <rect x={-radius} y={-radius} width={2 * radius} height={2 * radius} transform="rotate(45) scale(0.8)" fill="var(--color-page)" stroke={colour} strokeWidth={1.75}>
        <title>{label}</title>
      </rect>
    </svg>
  ) : (
    <circle {...place} r={row.mine ? Math.max(6, radius) : radius} fill={colour} fillOpacity={row.mine ? 0.95 : 0.4} stroke={stroke} strokeWidth={front ? 1.25 : 0.75}>
      <title>{label}</title>
    </circle>
  );
  if (!row.mayOpen) return mark;
  return (
    <a href={`/submissions/${row.submissionId}${query}`} aria-label={label}>
      {mark}
    </a>
  );
}

type Scale = (value: number) => number;

/** Names of the front, of baselines and of one's own, as many as find room; the more important ones first. */
function labelled(front: readonly Point[], drawn: readonly Point[], across: Scale, up: Scale): { point: Point; dy: number }[] {
  const wanted = [...drawn.filter(({ row }) => row.mine), ...drawn.filter(({ row }) => row.baseline), ...front.filter(({ row }) => !row.mine && !row.baseline)];
  const taken: { x: number; y: number; width: number }[] = [];
  return wanted.flatMap((point) => {
    for (const dy of [-12, 20]) {
      // A letter is some 0.75 % of the page's width, and twice as much on a phone: names leave room for both.
      const place = { x: across(point.x), y: up(point.y) + dy, width: 0.8 * cut(nameOf(point.row)).length };
      if (taken.some((one) => Math.abs(one.x - place.x) < (one.width + place.width) / 2 + 1 && Math.abs(one.y - place.y) < 14)) continue;
      taken.push(place);
      return [{ point, dy }];
    }
    return [];
  });
}
