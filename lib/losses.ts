// Softmax and the loss seeds of the attacks on plain arrays, in float64. Knows no engine and no attack.
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

/**
 * The non-saturating seed of spec 2.4 for logits [N, C]: softmax over the wrong classes, and -1 at the true class. It is
 * the cross-entropy gradient divided by (1 - p_y) > 0: the same direction per image, at any scale of the logits.
 */
export function crossEntropySeed(logits: Tensor, labels: Uint8Array): Tensor {
  const [rows, classes] = logits.shape;
  const seed = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const offset = row * classes;
    const normaliser = logSumExp(logits.data, offset, classes, labels[row]);
    for (let c = 0; c < classes; c++) seed[offset + c] = c === labels[row] ? -1 : Math.exp(logits.data[offset + c] - normaliser);
  }
  return { data: seed, shape: logits.shape };
}

/** One seed per loss an attack may climb: the cotangent of the logits, per example (never divided by the batch). */
export const lossSeeds = { 'cross-entropy': crossEntropySeed };
