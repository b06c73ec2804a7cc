// What each submission is called on the page: a letter, with the colour and shape that its marks have in the charts.
import type { Gathered } from '@/lib/leaderboard/compare';

export type Named = { id: string; letter: string; name: string; baseline: boolean; userName: string };

export const colours = ['var(--color-series-1)', 'var(--color-series-2)', 'var(--color-series-3)', 'var(--color-series-4)'] as const;

export function lettered(submissions: Gathered['submissions']): Named[] {
  return submissions.map(({ id, name, baseline, userName }, i) => ({ id, letter: 'ABCDE'[i], name, baseline, userName }));
}

/** The letter in a box. */
export function Letter({ letter }: { letter: string }) {
  return (
    <span className="inline-grid size-5 shrink-0 place-items-center rounded-small border border-line-strong bg-sunken text-micro font-semibold text-ink">
      {letter}
    </span>
  );
}

/** A mark of the i-th series at (x, y): circle, square, diamond, triangle; hollow where the data allow no difference. */
export function Mark({ series, x, y, hollow = false }: { series: number; x: string; y: number; hollow?: boolean }) {
  const colour = colours[series % colours.length];
  const look = { fill: hollow ? 'var(--color-page)' : colour, stroke: colour, strokeWidth: 1.75 };
  const r = 4;
  const shapes = [
    <circle key="circle" r={r} {...look} />,
    <rect key="square" x={-r + 0.5} y={-r + 0.5} width={2 * r - 1} height={2 * r - 1} {...look} />,
    <path key="diamond" d={`M0,${-r - 1} L${r + 1},0 L0,${r + 1} L${-r - 1},0 Z`} {...look} />,
    <path key="triangle" d={`M0,${-r} L${r},${r - 1} L${-r},${r - 1} Z`} {...look} />,
  ];
  return (
    <svg x={x} y={y} overflow="visible">
      {shapes[series % shapes.length]}
    </svg>
  );
}
