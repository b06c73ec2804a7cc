// What a perturbation is: a seeded, label-preserving change of one 28x28 image. It knows no model and no dataset.
import type { Stream } from '../random.ts';

/** Frozen names; reports average over each family because corruptions within one are correlated (spec 1.4). */
export type Family = 'geometric' | 'blur' | 'noise' | 'photometric' | 'occlusion' | 'digital';

/** Purposes of spec 7.2 that a perturbation can draw from. */
export type DrawPurpose = 'parameters' | 'pixels' | 'partner';

/** The random streams of one image in one trial. */
export type Draws = {
  /** Stream of purpose `parameters`; each call starts it anew. */
  parameters(): Stream;
  /** The first `count` words of purpose `pixels` (a multiple of four); valid until the next call. */
  pixels(count: number): Uint32Array;
  /** Another image [784] of the pool, drawn by purpose `partner`. */
  partner(): Uint8Array;
};

/**
 * `apply` writes the perturbed levels of `source` [784] to `out` [784], another array. It computes on levels 0..255,
 * 255 times the x of spec 1.1, because many of its results are then exact; with integers, float64 and table look-ups
 * only, so every machine gets the same bits (spec 7.4). Its comment tells which draws it takes, in which order.
 */
export type Perturbation = {
  family: Family;
  /** Part of the 18 that make the main score and the mixed set. */
  core: boolean;
  draws: readonly DrawPurpose[];
  /** What grows with the severity: its name with the unit, and its values at severities 1 to 5, which are those that `apply` uses. */
  strength: { readonly of: string; readonly values: readonly (number | string)[] };
  apply(source: Uint8Array, severity: number, draws: Draws, out: Uint8Array): void;
};

/** The level of a computed value: clamped to [0, 255], then rounded half up (spec 1.1). Throws RangeError on NaN. */
export function level(value: number): number {
  if (value >= 255) return 255;
  if (value > 0) return Math.floor(value + 0.5);
  if (value <= 0) return 0;
  throw new RangeError('A perturbed pixel is NaN.');
}

export function levels(values: ArrayLike<number>, out: Uint8Array): void {
  for (let p = 0; p < out.length; p++) out[p] = level(values[p]);
}

/** A perturbation that maps each level on its own, as one table [256] for each severity. */
export function levelTables<T>(parameters: readonly T[], map: (level: number, parameter: T) => number): Uint8Array[] {
  return parameters.map((parameter) => Uint8Array.from({ length: 256 }, (_, v) => level(map(v, parameter))));
}
