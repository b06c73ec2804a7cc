// The colour of an accuracy, everywhere alike: from chance (a tenth) to 1, for an element of class `heat` or within one that is.
import type { CSSProperties } from 'react';

const chance = 0.1;

export function heatOf(accuracy: number): CSSProperties {
  const shade = Math.max(0, Math.min(1, (accuracy - chance) / (1 - chance)));
  return { '--t': shade.toFixed(3) } as CSSProperties;
}
