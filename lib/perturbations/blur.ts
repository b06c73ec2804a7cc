// Perturbations that mix each pixel with its neighbours (spec 1.2, rows 9 to 11).
import { pixels, side } from '../images/warp.ts';
import { level, levels, type Perturbation } from './perturbation.ts';
import { blur, reflect } from './separable.ts';
import { blurKernels, degreeCosines, degreeSines, motionKernels } from './tables/literals.ts';

const blurred = new Float64Array(pixels);
/** Of the kernels of tables/literals.ts, in their order. */
const sigmas = [0.6, 0.9, 1.2, 1.6, 2.2];
const halfKernels = blurKernels.map((half) => Float64Array.from(half));

/** Sigma 0.6, 0.9, 1.2, 1.6 or 2.2, radius ceil(3 sigma), mirrored borders. Draws nothing. */
export const gaussianBlur: Perturbation = {
  family: 'blur',
  core: true,
  draws: [],
  strength: { of: 'sigma, pixels', values: sigmas },
  apply(source, severity, _draws, out) {
    blur(source, halfKernels[severity - 1], reflect, blurred);
    levels(blurred, out);
  },
};

/** Where copy i of the image goes at -45..45 degrees (row `degree + 45`): dx <= 0, dy of either sign. */
const copies = Array.from({ length: 91 }, (_, row) => {
  const degree = row - 45;
  const cosine = degreeCosines[Math.abs(degree)];
  const sine = Math.sign(degree) * degreeSines[Math.abs(degree)];
  return Array.from({ length: 21 }, (_, i) => ({ dx: -Math.ceil(i * cosine - 0.5), dy: -Math.ceil(i * sine - 0.5) }));
});

/**
 * A one-sided trail of up to 21 shifted copies with repeated edges, none of them shifted by 28 pixels or more. Draws
 * integer(91), the angle in degrees plus 45.
 */
export const motionBlur: Perturbation = {
  family: 'blur',
  core: true,
  draws: ['parameters'],
  strength: { of: 'shifted copies', values: motionKernels.map(({ length }) => length) },
  apply(source, severity, draws, out) {
    const weights = motionKernels[severity - 1];
    const trail = copies[draws.parameters().integer(91)];
    blurred.fill(0);
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i];
      const { dx, dy } = trail[i];
      for (let y = 0; y < side; y++) {
        const from = Math.min(Math.max(y - dy, 0), side - 1) * side;
        const row = y * side;
        const inside = side + dx;
        for (let x = 0; x < inside; x++) blurred[row + x] += weight * source[from + x - dx];
        const edge = weight * source[from + side - 1];
        for (let x = inside; x < side; x++) blurred[row + x] += edge;
      }
    }
    levels(blurred, out);
  },
};

const sharpnessFactors = [3, 6, 12, 24, 48];

/** torchvision's adjust_sharpness, border pixels untouched, as an exact fraction of 13. Draws nothing. */
export const sharpness: Perturbation = {
  family: 'blur',
  core: false,
  draws: [],
  strength: { of: 'factor', values: sharpnessFactors },
  apply(source, severity, _draws, out) {
    const factor = sharpnessFactors[severity - 1];
    out.set(source);
    for (let i = 1; i < side - 1; i++) {
      for (let j = 1; j < side - 1; j++) {
        const p = i * side + j;
        let sum = 4 * source[p];
        for (let row = p - side; row <= p + side; row += side) sum += source[row - 1] + source[row] + source[row + 1];
        out[p] = level((13 * factor * source[p] + (1 - factor) * sum) / 13);
      }
    }
  },
};
