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

/** Numerator and denominator, lowest power first, of the three pieces of AS 241. */
const centre = [[3.3871327179, 50.434271938, 159.29113202, 59.10937472], [1, 17.895169469, 78.757757664, 67.1875636]];
const middle = [[1.4234372777, 2.75681539, 1.3067284816, 0.17023821103], [1, 0.7370016425, 0.12021132975]];
const far = [[6.657905115, 3.081226386, 0.42868294337, 0.017337203997], [1, 0.24197894225, 0.012258202635]];

function polynomial(coefficients: readonly number[], r: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * r + coefficients[i];
  return sum;
}

function ratio([above, below]: readonly number[][], r: number): number {
  return polynomial(above, r) / polynomial(below, r);
}

/** Inverse of the standard normal distribution function, relative error about 1e-7 (Wichura 1988, AS 241 PPND7). */
export function normalQuantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(centre, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  return Math.sign(q) * (r <= 5 ? ratio(middle, r - 1.6) : ratio(far, r - 5));
}

/** P(Z > z) of the standard normal distribution, absolute error below 1e-7 (Abramowitz & Stegun 1964, 26.2.17). */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = polynomial([0, 0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429], t);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/**
 * `draws` samples of each of n variables of N(0, covariance): element [i][d] is variable i in draw d. Variable i's own
 * normals are the words of address i of the key. Arrays run along the draws, which keeps the inner loops contiguous.
 */
export function gaussianDraws(covariance: Float64Array, n: number, draws: number, key: Key): Float64Array[] {
  const lower = cholesky(covariance, n);
  const standard = Array.from({ length: n }, (_, i) => {
    const stream = new Stream(key, { image: i });
    return Float64Array.from({ length: draws }, () => normalQuantile((stream.next() + 0.5) * 2 ** -32));
  });
  return standard.map((_, row) => {
    const sum = new Float64Array(draws);
    for (let k = 0; k <= row; k++) {
      const weight = lower[row * n + k];
      const from = standard[k];
      for (let draw = 0; draw < draws; draw++) sum[draw] += weight * from[draw];
    }
    return sum;
  });
}
