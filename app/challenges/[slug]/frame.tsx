// Axes of a chart as wide as the page: places across are percent, up they are pixels, and letters keep their size on any screen.
import type { ReactNode } from 'react';

export type Tick = { at: number; text: string };

type Props = {
  /** Of the chart's area, in pixels. */
  height: number;
  /** In percent from the left, and in pixels from the top. */
  across: readonly Tick[];
  up: readonly Tick[];
  acrossLabel: string;
  upLabel: string;
  /** What the chart says in a sentence. */
  says: string;
  children: ReactNode;
};

export function Frame({ height, across, up, acrossLabel, upLabel, says, children }: Props) {
  return (
    <div className="pt-6 pr-3 pb-2 pl-10">
      <svg width="100%" height={height + 46} role="group" aria-label={says} className="block overflow-visible">
        <text x={-36} y={-12} className="fill-muted text-small">
          {upLabel} ↑
        </text>
        <text x="100%" y={height + 42} textAnchor="end" className="fill-muted text-small">
          {acrossLabel} →
        </text>
        {up.map(({ at, text }) => (
          <g key={text}>
            <line x1={0} x2="100%" y1={at} y2={at} stroke="var(--color-line)" strokeWidth={0.75} />
            <text x={-8} y={at + 4} textAnchor="end" className="figures fill-muted text-micro">
              {text}
            </text>
          </g>
        ))}
        {across.map(({ at, text }) => (
          <g key={text}>
            <line x1={`${at}%`} x2={`${at}%`} y1={height} y2={height + 4} stroke="var(--color-line-strong)" />
            <text x={`${at}%`} y={height + 18} textAnchor="middle" className="figures fill-muted text-micro">
              {text}
            </text>
          </g>
        ))}
        <line x1={0} x2="100%" y1={height} y2={height} stroke="var(--color-line-strong)" />
        {children}
      </svg>
    </div>
  );
}

/** Paths over 100 units across and pixels up, as wide as the chart; their lines keep their width. */
export function Stretched({ height, children }: { height: number; children: ReactNode }) {
  return (
    <svg viewBox={`0 0 100 ${height}`} width="100%" height={height} preserveAspectRatio="none" className="overflow-visible *:[vector-effect:non-scaling-stroke]" aria-hidden>
      {children}
    </svg>
  );
}
