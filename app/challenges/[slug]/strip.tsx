// Everybody on one line: each model a dot at its primary metric, its interval under it, the viewer's own in front.
import { scaleLinear } from 'd3-scale';
import { percent } from '@/app/ui/format';
import type { BoardRow } from '@/lib/leaderboard/board';
import type { Estimate, Metric } from '@/lib/evaluation/score';

type Dot = { row: BoardRow; estimate: Estimate; x: number; lane: number };

// The drawing is as wide as the page, so places are percentages; lanes are laid out for a page of this many pixels.
const layoutWidth = 1100;
const radius = 4;
const laneHeight = 11;

export function Strip({ rows, metric, label }: { rows: BoardRow[]; metric: Metric; label: string }) {
  const measured = rows.flatMap((row) => (row.score?.[metric] ? [{ row, estimate: row.score[metric] }] : []));
  if (measured.length < 2) return null;
  const scale = scaleLinear()
    .domain([Math.min(...measured.map(({ estimate }) => estimate.low)), Math.max(...measured.map(({ estimate }) => estimate.high))])
    .nice(6)
    .range([1, 99]);
  const dots = inLanes(measured.map(({ row, estimate }) => ({ row, estimate, x: scale(estimate.value), lane: 0 })));
  const base = 12 + laneHeight * Math.max(...dots.map(({ lane }) => lane)) + radius;
  const mine = dots.filter(({ row }) => row.mine);
  return (
    <figure>
      <svg width="100%" height={base + 30} role="img" aria-label={`${label} of ${measured.length} models, from ${percent(dots[0].estimate.value)} to ${percent(dots.at(-1)!.estimate.value)} percent`} className="overflow-visible">
        <line x1="0" x2="100%" y1={base + 10} y2={base + 10} stroke="var(--color-line)" />
        {scale.ticks(6).map((tick) => (
          <g key={tick}>
            <line x1={`${scale(tick)}%`} x2={`${scale(tick)}%`} y1={base + 10} y2={base + 14} stroke="var(--color-line-strong)" />
            <text x={`${scale(tick)}%`} y={base + 26} textAnchor="middle" className="figures fill-muted text-micro">
              {percent(tick, 0)} %
            </text>
          </g>
        ))}
        {mine.map(({ row, estimate }) => (
          <line
            key={row.submissionId}
            x1={`${scale(estimate.low)}%`}
            x2={`${scale(estimate.high)}%`}
            y1={base + 10}
            y2={base + 10}
            stroke="var(--color-mine-edge)"
            strokeWidth={4}
          />
        ))}
        {[...dots.filter(({ row }) => !row.mine), ...mine].map((dot) => (
          <Mark key={dot.row.submissionId} dot={dot} y={base - dot.lane * laneHeight} />
        ))}
      </svg>
    </figure>
  );
}

/** Stacks dots that would overlap, lowest lane first. Returns them from left to right. */
function inLanes(dots: Dot[]): Dot[] {
  const gap = ((2 * radius + 2) / layoutWidth) * 100;
  const ends: number[] = [];
  const sorted = dots.toSorted((a, b) => a.x - b.x);
  for (const dot of sorted) {
    const free = ends.findIndex((end) => dot.x - end >= gap);
    dot.lane = free === -1 ? ends.length : free;
    ends[dot.lane] = dot.x;
  }
  return sorted;
}

function Mark({ dot: { row, estimate, x }, y }: { dot: Dot; y: number }) {
  const title = `${row.baseline ? row.name : row.by}: ${percent(estimate.value)} %`;
  if (row.baseline) {
    return (
      <svg x={`${x}%`} y={y} overflow="visible">
        <rect x={-3.5} y={-3.5} width={7} height={7} transform="rotate(45)" fill="var(--color-page)" stroke="var(--color-muted)" strokeWidth={1.5}>
          <title>{title}</title>
        </rect>
      </svg>
    );
  }
  return (
    <circle cx={`${x}%`} cy={y} r={row.mine ? radius + 1.5 : radius} fill={row.mine ? 'var(--color-mine-edge)' : 'var(--color-accent)'} fillOpacity={row.mine ? 1 : 0.55} stroke="var(--color-page)">
      <title>{title}</title>
    </circle>
  );
}
