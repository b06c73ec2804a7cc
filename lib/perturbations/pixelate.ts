// Perturbation by coarser storage: fewer pixels (spec 1.2, row 21).
import { pixels, side } from '../images/warp.ts';
import { level, type Perturbation } from './perturbation.ts';

const sizes = [14, 12, 10, 8, 6];

/**
 * One row per coarse pixel: how much of each fine pixel's length lies in it, in units that make a row sum to 28. Pillow's
 * BOX filter takes whole pixels instead, which differs where 28 is no multiple of the size; spec 1.3 was measured with
 * these shares.
 */
const shares = sizes.map((size) =>
  Array.from({ length: size }, (_, box) =>
    Float64Array.from({ length: side }, (_, j) => {
      const overlap = Math.min(side * (box + 1), size * (j + 1)) - Math.max(side * box, size * j);
      return Math.max(0, overlap);
    }),
  ),
);

/** The coarse pixel that covers the centre of each fine one. */
const covers = sizes.map((size) => Uint8Array.from({ length: side }, (_, j) => Math.floor(((2 * j + 1) * size) / (2 * side))));

const columnSums = new Float64Array(side);
const coarse = new Uint8Array(pixels);

/** Averages over 14x14, 12x12, 10x10, 8x8 or 6x6 equal boxes, rounded to levels, enlarged by repetition. Draws nothing. */
export const pixelate: Perturbation = {
  family: 'digital',
  core: true,
  draws: [],
  strength: { of: 'pixels a side', values: sizes },
  apply(source, severity, _draws, out) {
    const size = sizes[severity - 1];
    const cover = covers[severity - 1];
    for (let by = 0; by < size; by++) {
      columnSums.fill(0);
      const down = shares[severity - 1][by];
      for (let i = 0; i < side; i++) {
        if (down[i] > 0) for (let j = 0; j < side; j++) columnSums[j] += down[i] * source[i * side + j];
      }
      for (let bx = 0; bx < size; bx++) {
        const across = shares[severity - 1][bx];
        let sum = 0;
        for (let j = 0; j < side; j++) sum += across[j] * columnSums[j];
        coarse[by * size + bx] = level(sum / pixels);
      }
    }
    for (let p = 0; p < pixels; p++) out[p] = coarse[cover[Math.floor(p / side)] * size + cover[p % side]];
  },
};
