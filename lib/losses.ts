// Softmax and the losses of the attacks on plain arrays, in float64. Knows no engine and no attack.
import type { Tensor } from './tensor.ts';

/** log of the sum of exp over `width` values from `offset`, stable; `without` leaves one index out. */
export function logSumExp(data: ArrayLike<number>, offset: number, width: number, without = -1): number {
  let largest = -Infinity;
  for (let i = 0; i < width; i++) if (i !== without && data[offset + i] > largest) largest = data[offset + i];
  // All -Infinity: the sum is 0; subtracting the maximum would give NaN.
  if (largest === -Infinity) return -Infinity;
  let sum = 0;
  for (let i = 0; i < width; i++) if (i !== without) sum += Math.exp(data[offset + i] - largest);
  return largest + Math.log(sum);
}

/** Softmax of each row of logits [N, C] as float64 [N * C]. */
export function softmax(logits: Tensor): Float64Array {
  const [rows, classes] = logits.shape;
  const out = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const offset = row * classes;
    const normaliser = logSumExp(logits.data, offset, classes);
    for (let c = 0; c < classes; c++) out[offset + c] = Math.exp(logits.data[offset + c] - normaliser);
  }
  return out;
}

/** Classes of one row from the largest logit to the smallest; the lowest index wins a tie. */
function ranked(z: Float32Array): number[] {
  return Array.from(z.keys()).sort((a, b) => z[b] - z[a] || a - b);
}

/** The wrong classes of one row of logits [C], from the most likely to the least; the lowest index wins a tie. */
export function likeliestWrong(z: Float32Array, label: number): number[] {
  return ranked(z).filter((c) => c !== label);
}

/** The largest wrong class of one row. */
function runnerUp(z: Float32Array, label: number): number {
  let best = label === 0 ? 1 : 0;
  for (let c = best + 1; c < z.length; c++) if (c !== label && z[c] > z[best]) best = c;
  return best;
}

/** Keeps a division from 0 / 0 (spec 2.4). */
const tiny = 1e-12;

/**
 * The loss of one row of logits [C], higher nearer to a mistake, and its gradient times some positive number, written to
 * `seed` [C], which is zero before. None of them knows the scale of the logits but by the value itself.
 */
type Rule = (z: Float32Array, label: number, target: number, seed: Float32Array) => number;

/**
 * Cross-entropy, as the value that grows with it and does not saturate: log sum over i != y of exp z_i, less z_y. The seed
 * of spec 2.4, softmax over the wrong classes and -1 at the true one, is this value's gradient, and the gradient of
 * cross-entropy divided by 1 - p_y > 0.
 */
const crossEntropy: Rule = (z, label, _, seed) => {
  const normaliser = logSumExp(z, 0, z.length, label);
  for (let c = 0; c < z.length; c++) seed[c] = c === label ? -1 : Math.exp(z[c] - normaliser);
  return normaliser - z[label];
};

/** max over i != y of z_i, less z_y: negative while the prediction is right. */
const margin: Rule = (z, label, _, seed) => {
  const wrong = runnerUp(z, label);
  seed[wrong] = 1;
  seed[label] = -1;
  return z[wrong] - z[label];
};

/**
 * Difference of logits ratio (Croce & Hein 2020): (max over i != y of z_i, less z_y) / (z_(1) - z_(3)). Of a quotient n / d
 * the seed is n' - (n / d) d', its gradient times d > 0.
 */
const dlr: Rule = (z, label, target, seed) => {
  const [first, , third] = ranked(z);
  const loss = margin(z, label, target, seed) / (z[first] - z[third] + tiny);
  seed[first] -= loss;
  seed[third] += loss;
  return loss;
};

/** Its targeted form: (z_t - z_y) / (z_(1) - (z_(3) + z_(4)) / 2). */
const targetedDlr: Rule = (z, label, target, seed) => {
  const [first, , third, fourth] = ranked(z);
  seed[target] = 1;
  seed[label] = -1;
  const loss = (z[target] - z[label]) / (z[first] - (z[third] + z[fourth]) / 2 + tiny);
  seed[first] -= loss;
  seed[third] += loss / 2;
  seed[fourth] += loss / 2;
  return loss;
};

const rules = { 'cross-entropy': crossEntropy, dlr, 'dlr-targeted': targetedDlr, margin } satisfies Record<string, Rule>;

/** A loss an attack may climb, by its name; only `dlr-targeted` looks at targets. */
export type Loss = keyof typeof rules;
export const losses = Object.keys(rules) as Loss[];

/** The value where the published loss is 0: cross-entropy itself is log(1 + exp(value)). */
export function valueAtZero(loss: Loss): number {
  return loss === 'cross-entropy' ? -Infinity : 0;
}

/** Calls a rule for every row of logits [N, C]; `targets` [N] are needed by `dlr-targeted`. Throws RangeError without them. */
function each(loss: Loss, { data, shape: [rows, classes] }: Tensor, labels: Uint8Array, targets: Uint8Array | undefined, seeds: Float32Array): Float64Array {
  if (loss === 'dlr-targeted' && targets?.length !== rows) throw new RangeError(`The loss dlr-targeted needs a target for each of ${rows} rows.`);
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const from = row * classes;
    const to = from + classes;
    values[row] = rules[loss](data.subarray(from, to), labels[row], targets?.[row] ?? 0, seeds.subarray(from, to));
  }
  return values;
}

/** The loss of each row of logits [N, C], in float64: what is compared and ordered. */
export function lossValues(loss: Loss, logits: Tensor, labels: Uint8Array, targets?: Uint8Array): Float64Array {
  return each(loss, logits, labels, targets, new Float32Array(logits.data.length));
}

/** The loss gradient of each row of logits [N, C], times a positive number per row, never divided by the batch: what is pulled back. */
export function lossSeed(loss: Loss, logits: Tensor, labels: Uint8Array, targets?: Uint8Array): Tensor {
  const seed = new Float32Array(logits.data.length);
  each(loss, logits, labels, targets, seed);
  return { data: seed, shape: logits.shape };
}
