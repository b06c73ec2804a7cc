// Perturbations that lay a part of another image over this one, which keeps more than half (spec 1.2, rows 23 and 24).
import { pixels, side } from '../images/warp.ts';
import { sample } from '../random.ts';
import { level, type Perturbation } from './perturbation.ts';

/** The partner's weight in twentieths: 0.1, 0.2, 0.3, 0.4, 0.45. */
const twentieths = [2, 4, 6, 8, 9];

/** (1 - lambda) x + lambda partner. Draws the partner. */
export const mixup: Perturbation = {
  family: 'occlusion',
  core: false,
  draws: ['partner'],
  strength: { of: 'weight of the other', values: twentieths.map((weight) => weight / 20) },
  apply(source, severity, draws, out) {
    const weight = twentieths[severity - 1];
    const partner = draws.partner();
    for (let p = 0; p < pixels; p++) out[p] = level(((20 - weight) * source[p] + weight * partner[p]) / 20);
  },
};

const cellCounts = [2, 3, 5, 6, 7];
const cellSide = 7;
const cellsPerRow = side / cellSide;
const cells = Array.from({ length: cellsPerRow ** 2 }, (_, cell) => cell);

/** 2, 3, 5, 6 or 7 of the 4x4 cells come from the partner. Draws the cells (Fisher-Yates), and the partner. */
export const collage: Perturbation = {
  family: 'occlusion',
  core: false,
  draws: ['parameters', 'partner'],
  strength: { of: 'cells of 16 from the other', values: cellCounts },
  apply(source, severity, draws, out) {
    const partner = draws.partner();
    out.set(source);
    for (const cell of sample(cells, cellCounts[severity - 1], draws.parameters())) {
      const left = (cell % cellsPerRow) * cellSide;
      const top = Math.floor(cell / cellsPerRow) * cellSide;
      for (let i = top; i < top + cellSide; i++) {
        const row = i * side + left;
        out.set(partner.subarray(row, row + cellSide), row);
      }
    }
  },
};
