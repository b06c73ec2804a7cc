// A 95 % interval drawn small, on a scale that all figures of a column share.
import type { CSSProperties } from 'react';
import type { Estimate } from '@/lib/evaluation/score';

/** Bounds of a column in its own unit. */
export type Range = { from: number; to: number };

/** The range that holds every interval; null when there is none. */
export function rangeOf(estimates: readonly Estimate[]): Range | null {
  if (estimates.length === 0) return null;
  return { from: Math.min(...estimates.map(({ low }) => low)), to: Math.max(...estimates.map(({ high }) => high)) };
}

export function Whisker({ estimate: { value, low, high }, range }: { estimate: Estimate; range: Range }) {
  const width = range.to - range.from || 1;
  const at = (x: number) => `${(((x - range.from) / width) * 100).toFixed(1)}%`;
  return <i aria-hidden className="whisker" style={{ '--lo': at(low), '--hi': at(high), '--at': at(value) } as CSSProperties} />;
}
