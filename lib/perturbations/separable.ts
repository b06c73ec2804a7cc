// Separable symmetric blur of 28x28 images in float64, with a fixed order of summation. Knows no severities.
import { pixels, type Pixels, side } from '../images/warp.ts';

/** Largest radius the border tables reach. */
const reach = 8;

/** Source index of coordinates -reach..27+reach. */
export type Border = Uint8Array;

function border(indexOf: (coordinate: number) => number): Border {
  return Uint8Array.from({ length: side + 2 * reach }, (_, i) => indexOf(i - reach));
}

/** Mirrored without repeating the edge, as torchvision's blur does ("reflect-101"). */
export const reflect = border((at) => (at < 0 ? -at : at >= side ? 2 * (side - 1) - at : at));
/** The edge repeated, as scikit-image's blur does. */
export const replicate = border((at) => Math.min(Math.max(at, 0), side - 1));

const padded = new Float64Array(side + 2 * reach);
const rows = new Float64Array(pixels);

/**
 * Writes the blurred image [784] to `out`. `half` is one side of the kernel, centre first; along rows, then along
 * columns, each sum takes the centre and then the pairs outwards.
 */
export function blur(source: Pixels, half: ArrayLike<number>, at: Border, out: Float64Array): void {
  const radius = half.length - 1;
  for (let y = 0; y < side; y++) {
    for (let i = 0; i < padded.length; i++) padded[i] = source[y * side + at[i]];
    for (let x = 0; x < side; x++) {
      const middle = x + reach;
      let sum = half[0] * padded[middle];
      for (let t = 1; t <= radius; t++) sum += half[t] * (padded[middle - t] + padded[middle + t]);
      rows[y * side + x] = sum;
    }
  }
  for (let y = 0; y < side; y++) {
    const row = y * side;
    for (let x = 0; x < side; x++) out[row + x] = half[0] * rows[row + x];
    for (let t = 1; t <= radius; t++) {
      const above = at[y - t + reach] * side;
      const below = at[y + t + reach] * side;
      const weight = half[t];
      for (let x = 0; x < side; x++) out[row + x] += weight * (rows[above + x] + rows[below + x]);
    }
  }
}
