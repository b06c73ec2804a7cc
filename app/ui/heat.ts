// The colours of figures, everywhere alike: of an accuracy (class `heat`) and of a difference (class `diverge`).
import type { CSSProperties } from 'react';

const chance = 0.1;

/** The colour of an accuracy, from chance (a tenth) to 1, for an element of class `heat` or within one that is. */
export function heatOf(accuracy: number): CSSProperties {
  const shade = Math.max(0, Math.min(1, (accuracy - chance) / (1 - chance)));
  return { '--t': shade.toFixed(3) } as CSSProperties;
}

/**
 * The colour of a difference, for an element of class `diverge`: nothing at 0, blue above and orange below it, full at
 * `limit` (> 0, in the value's unit) and beyond. In print what is below 0 is hatched besides.
 */
export function divergeOf(value: number, limit: number): CSSProperties {
  const share = Math.max(-1, Math.min(1, value / limit));
  return { '--d': (Number.isNaN(share) ? 0 : share).toFixed(3) } as CSSProperties;
}
