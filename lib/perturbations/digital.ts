// Perturbations by coarser storage: fewer pixels, or quantised frequencies (spec 1.2, rows 21 and 22).
import { pixels, side } from '../images/warp.ts';
import { level, type Perturbation } from './perturbation.ts';

const sizes = [14, 12, 10, 8, 6];

/**
 * For each coarse pixel the [first, end) of the fine ones whose centre lies in its box (a centre on the border of two
 * belongs to the first): the windows of Pillow's BOX filter.
 */
const boxes = sizes.map((size) => {
  const end = (box: number) => Math.floor((2 * side * box + size) / (2 * size));
  return Array.from({ length: size }, (_, box) => [end(box), end(box + 1)] as const);
});

const coarse = new Uint8Array(side * side);

/** Averages of 14x14, 12x12, 10x10, 8x8 or 6x6 boxes, rounded to levels, enlarged by repetition. Draws nothing. */
export const pixelate: Perturbation = {
  family: 'digital',
  core: true,
  draws: [],
  apply(source, severity, _draws, out) {
    const size = sizes[severity - 1];
    const box = boxes[severity - 1];
    for (let by = 0; by < size; by++) {
      for (let bx = 0; bx < size; bx++) {
        let sum = 0;
        for (let i = box[by][0]; i < box[by][1]; i++) for (let j = box[bx][0]; j < box[bx][1]; j++) sum += source[i * side + j];
        coarse[by * size + bx] = level(sum / ((box[by][1] - box[by][0]) * (box[bx][1] - box[bx][0])));
      }
    }
    for (let p = 0; p < pixels; p++) {
      const by = Math.floor(((2 * Math.floor(p / side) + 1) * size) / (2 * side));
      const bx = Math.floor(((2 * (p % side) + 1) * size) / (2 * side));
      out[p] = coarse[by * size + bx];
    }
  },
};
