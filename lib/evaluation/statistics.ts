// Intervals and paired tests (spec 6). Pure functions of outcomes; knows no protocol.
import type { Estimate } from './score.ts';

/** Two-sided 95 % point of the standard normal distribution. */
export const z95 = 1.959964;

/** Wilson's 95 % interval of `correct` of `total` (spec 6.1); for a single accuracy only. */
export function wilson(correct: number, total: number): Estimate {
  const p = correct / total;
  const scale = 1 + (z95 * z95) / total;
  const centre = (p + (z95 * z95) / (2 * total)) / scale;
  const half = (z95 * Math.sqrt((p * (1 - p)) / total + (z95 * z95) / (4 * total * total))) / scale;
  return { value: p, low: correct === 0 ? 0 : centre - half, high: correct === total ? 1 : centre + half, images: total };
}

/**
 * Mean of one value per base image with the 95 % interval mean +- z sd / sqrt(N) (spec 6.2): for means over cells, which
 * share images, and for paired differences. `bounds` are the values' own, e.g. [0, 1] for accuracies.
 */
export function meanInterval(values: Float64Array, bounds: readonly [number, number]): Estimate {
  const images = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / images;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  // All right or all wrong: no spread to see, and yet not certain (spec 6.1). A variable in [0, 1] varies no more than a bit.
  if (squares === 0 && bounds[0] === 0 && bounds[1] === 1) return wilson(mean * images, images);
  const half = images > 1 ? z95 * Math.sqrt(squares / (images - 1) / images) : bounds[1] - bounds[0];
  return { value: mean, low: Math.max(bounds[0], mean - half), high: Math.min(bounds[1], mean + half), images };
}

/**
 * McNemar's test of two models with `b` images only the first gets right and `c` only the second: two-sided p-values,
 * exact and mid-p (less conservative), spec 6.3.
 */
export function mcnemar(b: number, c: number): { exact: number; midP: number } {
  const n = b + c;
  const fewer = Math.min(b, c);
  let logTerm = -n * Math.log(2);
  let tail = 0;
  for (let i = 0; i <= fewer; i++) {
    tail += Math.exp(logTerm);
    if (i < fewer) logTerm += Math.log(n - i) - Math.log(i + 1);
  }
  return { exact: Math.min(1, 2 * tail), midP: b === c ? 1 : 2 * tail - Math.exp(logTerm) };
}

/** Which of several tests are discoveries at a false discovery rate (Benjamini & Hochberg 1995), in the order given. */
export function benjaminiHochberg(p: readonly number[], rate: number): boolean[] {
  const sorted = p.toSorted((a, b) => a - b);
  const last = sorted.findLastIndex((value, i) => value <= (rate * (i + 1)) / p.length);
  return p.map((value) => last >= 0 && value <= sorted[last]);
}

/** Accuracies of a stochastic policy over independent evaluations with other draws, on the same images. */
export type DrawSpread = { draws: number; mean: number; sd: number; images: number };

/**
 * The Monte-Carlo spread of a policy's accuracy (spec 6.7) from the right answers of each of at least two evaluations.
 * Wilson's interval of one evaluation holds both levels, images and draws, since every image has draws of its own: an
 * image drawn and judged is one Bernoulli trial. The spread tells how much of it another roll of the dice would move.
 */
export function drawSpread(correctByDraw: readonly number[], images: number): DrawSpread {
  const { value, sd } = momentsOf(correctByDraw.map((correct) => correct / images));
  return { draws: correctByDraw.length, mean: value, sd, images };
}

function momentsOf(values: readonly number[]): { value: number; sd: number } {
  const value = values.reduce((sum, each) => sum + each, 0) / values.length;
  const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0);
  return { value, sd: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
