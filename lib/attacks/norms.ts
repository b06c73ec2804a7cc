// The ball an attack stays in, and random points of it (spec 2.1). Float32 throughout, as the iterates are.
import { type Key, Stream } from '../random.ts';
import type { Tensor } from '../tensor.ts';

/** Bounds of every pixel: [x - epsilon, x + epsilon] rounded to float32, cut by [0, 1]. */
export type Box = { low: Float32Array; high: Float32Array };

/** The L-infinity ball around x, pixels kept in [0, 1]. */
export function linfBox(x: Tensor, epsilon: number): Box {
  const low = new Float32Array(x.data.length);
  const high = new Float32Array(x.data.length);
  for (let i = 0; i < x.data.length; i++) {
    low[i] = Math.max(0, x.data[i] - epsilon);
    high[i] = Math.min(1, x.data[i] + epsilon);
  }
  return { low, high };
}

/** Projection of one value onto its bounds. */
export function clip(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}

/** -1, 0 or 1; 0 for zero and for NaN, so that a pixel without a usable gradient stays. */
export function sign(value: number): number {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}

/** Whether every value is zero. */
export function isZero(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) return false;
  return true;
}

/** x_{i+q} = clip(x_{i+q} + stepSize * sign(direction_q)) for the pixels q of one image, which starts at i of x and of the box. */
export function moveAlong(direction: Float32Array, stepSize: number, x: Float32Array, i: number, { low, high }: Box): void {
  for (let q = 0; q < direction.length; q++, i++) x[i] = clip(x[i] + stepSize * sign(direction[q]), low[i], high[i]);
}

/** x + U(-epsilon, epsilon) projected onto the box: pixel q of an image takes draw q of that image's own stream. */
export function randomStart(x: Tensor, epsilon: number, box: Box, image: Uint32Array, restart: number, key: Key): Float32Array {
  const [rows, pixels] = x.shape;
  const start = new Float32Array(x.data.length);
  for (let row = 0; row < rows; row++) {
    const stream = new Stream(key, { image: image[row], restart });
    for (let i = row * pixels; i < (row + 1) * pixels; i++) {
      start[i] = clip(x.data[i] + epsilon * (2 * stream.uniform() - 1), box.low[i], box.high[i]);
    }
  }
  return start;
}
