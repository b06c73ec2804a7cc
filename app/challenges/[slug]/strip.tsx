// Everybody on one line: each model a mark at its primary metric, baselines named, the viewer's own in front with its interval.
import { scaleLinear } from 'd3-scale';
import { percent } from '@/app/ui/format';
import type { BoardRow } from '@/lib/leaderboard/board';
import type { Estimate, Metric } from '@/lib/evaluation/score';

type Mark = { row: BoardRow; estimate: Estimate; x: number };
type Placed = Mark & { lane: number };

// The drawing is as wide as the page, so places are percentages; lanes are laid out for a page of this many pixels.
const layoutWidth = 1100;
const radius = 4;
/** Lanes lie closer when there are so many that the figure would push the table off the screen. */
const laneHeightOf = (lanes: number) => Math.min(11, 170 / lanes);
const labelHeight = 15;
const letterWidth = 6;

export function Strip({ rows, metric, label }: { rows: BoardRow[]; metric: Metric; label: string }) {
  const measured = rows.flatMap((row) => (row.score?.[metric] ? [{ row, estimate: row.score[metric] }] : []));
  if (measured.length < 2) return null;
  const scale = scaleLinear()
    .domain([Math.min(...measured.map(({ estimate }) => estimate.low)), Math.max(...measured.map(({ estimate }) => estimate.high))])
    .nice(6)
    .range([1, 99]);
  const marks = measured.map(({ row, estimate }) => ({ row, estimate, x: scale(estimate.value) }));
  const dots = inLanes(marks, () => 2 * radius + 2);
  const labels = inLanes(
    marks.filter(({ row }) => row.baseline),
    ({ row }) => row.name.length * letterWidth + 16,
  );
  const top = labelHeight * (1 + Math.max(-1, ...labels.map(({ lane }) => lane)));
  const lanes = 1 + Math.max(...dots.map(({ lane }) => lane));
  const laneHeight = laneHeightOf(lanes);
  const base = top + 12 + laneHeight * (lanes - 1) + radius;
  const mine = dots.filter(({ row }) => row.mine);
  const [least, most] = [dots[0], dots.at(-1)!].map(({ estimate }) => percent(estimate.value));
  return (
    <figure className="max-md:-mt-6">
      <svg
        width="100%"
        height={base + 28}
        role="img"
        aria-label={`${label} accuracy of ${dots.length} models, from ${least} to ${most} percent`}
        className="overflow-visible"
      >
        <line x1="0" x2="100%" y1={base + 9} y2={base + 9} stroke="var(--color-line)" />
        {scale.ticks(6).map((tick) => (
          <g key={tick}>
            <line x1={`${scale(tick)}%`} x2={`${scale(tick)}%`} y1={base + 9} y2={base + 13} stroke="var(--color-line-strong)" />
            <text x={`${scale(tick)}%`} y={base + 25} textAnchor="middle" className="figures fill-muted text-micro">
              {percent(tick, 0)} %
            </text>
          </g>
        ))}
        <g className="max-md:hidden">
          {labels.map((one) => (
            <BaselineLabel
              key={one.row.submissionId}
              label={one}
              y={labelHeight * one.lane + 10}
              to={base - laneOf(dots, one) * laneHeight}
            />
          ))}
        </g>
        {mine.map(({ row, estimate }) => (
          <line
            key={row.submissionId}
            x1={`${scale(estimate.low)}%`}
            x2={`${scale(estimate.high)}%`}
            y1={base + 9}
            y2={base + 9}
            stroke="var(--color-mine-edge)"
            strokeWidth={4}
          />
        ))}
        {[...dots.filter(({ row }) => !row.mine), ...mine].map((dot) => (
          <Dot key={dot.row.submissionId} dot={dot} y={base - dot.lane * laneHeight} />
        ))}
      </svg>
    </figure>
  );
}

/** Stacks what would overlap, lowest lane first; `widthOf` is in pixels of the layout. Returns the marks from left to right. */
function inLanes(marks: Mark[], widthOf: (mark: Mark) => number): Placed[] {
  const ends: number[] = [];
  return marks
    .toSorted((a, b) => a.x - b.x)
    .map((mark) => {
      const start = (mark.x / 100) * layoutWidth - widthOf(mark) / 2;
      const free = ends.findIndex((end) => start >= end);
      const lane = free === -1 ? ends.length : free;
      ends[lane] = start + widthOf(mark);
      return { ...mark, lane };
    });
}

const laneOf = (dots: Placed[], { row }: Mark) => dots.find((dot) => dot.row.submissionId === row.submissionId)!.lane;

function BaselineLabel({ label: { row, x }, y, to }: { label: Placed; y: number; to: number }) {
  return (
    <>
      <line x1={`${x}%`} x2={`${x}%`} y1={y + 4} y2={to - 7} stroke="var(--color-line-strong)" strokeDasharray="1 2" />
      <text x={`${x}%`} y={y} textAnchor={x < 6 ? 'start' : x > 94 ? 'end' : 'middle'} className="fill-muted text-micro">
        {row.name}
      </text>
    </>
  );
}

function Dot({ dot: { row, estimate, x }, y }: { dot: Placed; y: number }) {
  const title = <title>{`${row.baseline ? row.name : row.by}: ${percent(estimate.value)} %`}</title>;
  if (row.baseline) {
    return (
      <svg x={`${x}%`} y={y} overflow="visible">
        <rect
          x={-3.5}
          y={-3.5}
          width={7}
          height={7}
          transform="rotate(45)"
          fill="var(--color-page)"
          stroke="var(--color-muted)"
          strokeWidth={1.5}
        >
          {title}
        </rect>
      </svg>
    );
  }
  const look = row.mine
    ? { r: radius + 1.5, fill: 'var(--color-mine-edge)' }
    : { r: radius, fill: 'var(--color-accent)', fillOpacity: 0.55 };
  return (
    <circle cx={`${x}%`} cy={y} stroke="var(--color-page)" {...look}>
      {title}
    </circle>
  );
}
