// Seeded draws from a multivariate normal distribution. Used for intervals and ranks, never for images or attacks.
import { type Key, Stream } from '../random.ts';

/** Lower triangular L [n * n] with L L^T = covariance; a direction without variance gets a zero column. */
export function cholesky(covariance: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let col = 0; col <= row; col++) {
      let rest = covariance[row * n + col];
      for (let k = 0; k < col; k++) rest -= lower[row * n + k] * lower[col * n + k];
      if (col < row) lower[row * n + col] = lower[col * n + col] > 0 ? rest / lower[col * n + col] : 0;
      // Equal models make the matrix singular: what is left of their variance is rounding error.
      else lower[row * n + row] = rest > 1e-9 * covariance[row * n + row] ? Math.sqrt(rest) : 0;
    }
  }
  return lower;
}

function ratio(r: number, above: readonly number[], below: readonly number[]): number {
  return above.reduceRight((sum, c) => sum * r + c, 0) / below.reduceRight((sum, c) => sum * r + c, 0);
}

/** Inverse of the standard normal distribution function, relative error about 1e-7 (Wichura 1988, AS 241 PPND7). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    const above = [3.3871327179, 50.434271938, 159.29113202, 59.10937472];
    return q * ratio(r, above, [1, 17.895169469, 78.757757664, 67.1875636]);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const tail = r <= 5
    ? ratio(r - 1.6, [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103], [1, 0.7370016425, 0.12021132975])
    : ratio(r - 5, [6.657905115, 3.081226386, 0.42868294337, 0.017337203997], [1, 0.24197894225, 0.012258202635]);
  return q < 0 ? -tail : tail;
}

/** `draws` vectors of N(0, covariance), row by row [draws * n]; draw d takes its words from address d of the key. */
export function gaussianDraws(covariance: Float64Array, n: number, draws: number, key: Key): Float64Array {
  const lower = cholesky(covariance, n);
  const out = new Float64Array(draws * n);
  const standard = new Float64Array(n);
  for (let draw = 0; draw < draws; draw++) {
    const stream = new Stream(key, { image: draw });
    for (let i = 0; i < n; i++) standard[i] = normalQuantile((stream.next() + 0.5) * 2 ** -32);
    for (let row = 0; row < n; row++) {
      let sum = 0;
      for (let k = 0; k <= row; k++) sum += lower[row * n + k] * standard[k];
      out[draw * n + row] = sum;
    }
  }
  return out;
}
