// The ball an attack stays in, and the steps it takes there (spec 2.1). Float32 throughout, as the iterates are.
import type { Tensor } from '../tensor.ts';
import type { Budget } from './attack.ts';

/** Bounds of every pixel: [x - epsilon, x + epsilon] rounded to float32, cut by [0, 1]. */
export type Box = { low: Float32Array; high: Float32Array };

/** The balls around all victims' images, cut by [0, 1]. `row` is a victim's iterate, 784 values, changed in place. */
export type Ball = {
  /** Moves `row` by `stepSize` along the steepest direction that a gradient names in this norm, then back into the ball. */
  step(row: Float32Array, gradient: Float32Array, stepSize: number, victim: number): void;
  /** The nearest point of the ball. */
  project(row: Float32Array, victim: number): void;
};

/** The L-infinity ball around x, pixels kept in [0, 1]. */
export function linfBox(x: Tensor, epsilon: number): Box {
  const low = new Float32Array(x.data.length);
  const high = new Float32Array(x.data.length);
  const { data } = x;
  for (let i = 0; i < data.length; i++) {
    const below = data[i] - epsilon;
    const above = data[i] + epsilon;
    low[i] = below > 0 ? below : 0;
    high[i] = above < 1 ? above : 1;
  }
  return { low, high };
}

/** Projection of one value onto its bounds. */
export function clip(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

/** -1, 0 or 1; 0 for zero and for NaN, so that a pixel without a usable gradient stays. Unpredictable branches would be slower. */
export function sign(value: number): number {
  return Number(value > 0) - Number(value < 0);
}

/** Whether every value is zero. */
export function isZero(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false;
  return true;
}

/** Euclidean length of a vector, or of its difference from the values of `from` that begin at `at`. */
export function length(values: Float32Array | Float64Array, from?: Float32Array, at = 0): number {
  let sum = 0;
  for (let q = 0; q < values.length; q++) {
    const value = from ? values[q] - from[at + q] : values[q];
    sum += value * value;
  }
  return Math.sqrt(sum);
}

function linfBall({ shape: [, pixels] }: Tensor, { low, high }: Box): Ball {
  return {
    step(row, gradient, stepSize, victim) {
      const at = victim * pixels;
      for (let q = 0; q < pixels; q++) row[q] = clip(row[q] + stepSize * sign(gradient[q]), low[at + q], high[at + q]);
    },
    project(row, victim) {
      const at = victim * pixels;
      for (let q = 0; q < pixels; q++) row[q] = clip(row[q], low[at + q], high[at + q]);
    },
  };
}

/** Cutting by [0, 1] after the radius keeps both: the image lies in [0, 1], so a cut pixel only comes nearer to it. */
function l2Ball({ data, shape: [, pixels] }: Tensor, epsilon: number): Ball {
  const project: Ball['project'] = (row, victim) => {
    const at = victim * pixels;
    const scale = Math.min(1, epsilon / length(row, data, at));
    for (let q = 0; q < pixels; q++) row[q] = clip(scale < 1 ? data[at + q] + (row[q] - data[at + q]) * scale : row[q], 0, 1);
  };
  return {
    project,
    step(row, gradient, stepSize, victim) {
      const size = length(gradient);
      // A zero gradient names no direction, and one that is not finite none that can be used.
      if (!(size > 0 && size < Infinity)) return;
      for (let q = 0; q < pixels; q++) row[q] += (stepSize / size) * gradient[q];
      project(row, victim);
    },
  };
}

/** The balls around the images x [N, 784]; `box` are the bounds of `linfBox` where they are at hand already. */
export function ballsAround(x: Tensor, { norm, epsilon }: Budget, box?: Box): Ball {
  return norm === 'linf' ? linfBall(x, box ?? linfBox(x, epsilon)) : l2Ball(x, epsilon);
}
