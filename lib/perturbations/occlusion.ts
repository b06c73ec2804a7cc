// Perturbations that cover or invert a part of the image (spec 1.2, rows 17 and 18).
import { pixels, side } from '../images/warp.ts';
import { levelTables, type Perturbation } from './perturbation.ts';
import { aspects } from './tables/literals.ts';

const tries = 10;

/** Height and width of a rectangle of a fixed share of the image, for each of the 64 aspects. */
const areas = [0.05, 0.1, 0.2, 0.3, 0.4];
const rectangles = areas.map((share) =>
  aspects.map((aspect) => ({
    height: Math.floor(Math.sqrt(share * pixels * aspect) + 0.5),
    width: Math.floor(Math.sqrt((share * pixels) / aspect) + 0.5),
  })),
);

/**
 * One rectangle of 5, 10, 20, 30 or 40 % of the area in one gray. Draws integer(64), the step of log aspect, until the
 * rectangle is lower and narrower than the image, ten times at most (then the image stays); then its top, its left
 * and its gray integer(256).
 */
export const erasing: Perturbation = {
  family: 'occlusion',
  core: true,
  draws: ['parameters'],
  strength: { of: 'share of the area', values: areas },
  apply(source, severity, draws, out) {
    const stream = draws.parameters();
    out.set(source);
    for (let attempt = 0; attempt < tries; attempt++) {
      const { height, width } = rectangles[severity - 1][stream.integer(64)];
      if (height >= side || width >= side) continue;
      const top = stream.integer(side - height + 1);
      const left = stream.integer(side - width + 1);
      const gray = stream.integer(256);
      for (let i = top; i < top + height; i++) out.fill(gray, i * side + left, i * side + left + width);
      return;
    }
  },
};

/** alpha = 0.1, 0.2, 0.4, 0.7, 1 in tenths: (1 - alpha) x + alpha (1 - x). */
const alphas = [1, 2, 4, 7, 10];
const blended = levelTables(alphas, (v, tenths) => ((10 - tenths) * v + tenths * (255 - v)) / 10);
const stripeWidth = 7;

/** The seven leftmost and the seven rightmost columns blend into their negative. Draws nothing. */
export const stripe: Perturbation = {
  family: 'occlusion',
  core: true,
  draws: [],
  strength: { of: 'alpha', values: alphas.map((tenths) => tenths / 10) },
  apply(source, severity, _draws, out) {
    const levelOf = blended[severity - 1];
    for (let p = 0; p < pixels; p++) {
      const column = p % side;
      out[p] = column < stripeWidth || column >= side - stripeWidth ? levelOf[source[p]] : source[p];
    }
  },
};
