// One picture of a set: a row for each kind, a column for each severity, in each place the first image that got them.
import { spriteOf } from '../pictures/png.ts';
import type { TrainingSet } from './perturbed.ts';

/** The sheet as PNG, 28 pixels a place; black where a small set has no such image. */
export function contactSheet(set: TrainingSet, severities: readonly number[]): Uint8Array {
  const places = set.kinds.flatMap((_, kind) =>
    severities.map((severity) => {
      const first = set.perturbation.findIndex((of, i) => of === kind && set.severity[i] === severity);
      return first < 0 ? null : set.images(first, first + 1);
    }),
  );
  return spriteOf(places, severities.length).png;
}
