// JPEG without its entropy coder, which loses nothing: 8x8 cosine transform, quantisation, and back (spec 1.2, row 22).
import { side } from '../images/warp.ts';
import { level, type Perturbation } from './perturbation.ts';
import { dctCosines, halfRoot } from './tables/literals.ts';

const qualities = [15, 8, 5, 3, 1];
const block = 8;

/** Luminance quantisation of the Independent JPEG Group (ITU-T T.81, annex K.1). */
const luminance = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100,
  103, 99,
];

/** In whole numbers, as the group's library scales it. All our qualities are below 50. */
const quantisers = qualities.map((quality) => {
  const scale = Math.floor(5000 / quality);
  return luminance.map((q) => Math.min(Math.max(Math.floor((q * scale + 50) / 100), 1), 255));
});

const cosines = Float64Array.from(dctCosines.flat());

/** Product of the two normalisations at frequency (u, v), kept out of the sums so that the mean is exact: 1/8 for (0, 0). */
const norms = Float64Array.from({ length: block * block }, (_, f) => {
  const zeros = (f < block ? 1 : 0) + (f % block === 0 ? 1 : 0);
  return zeros === 2 ? 1 / 8 : zeros === 1 ? halfRoot / 4 : 1 / 4;
});

const values = new Float64Array(block * block);
const middle = new Float64Array(block * block);

/** values <- matrix values matrix', with `matrix` the cosines (forward) or their transpose; sums in index order. */
function transform(forward: boolean): void {
  const step = forward ? 1 : block;
  const start = forward ? block : 1;
  for (let i = 0; i < block; i++) {
    for (let k = 0; k < block; k++) {
      let sum = 0;
      for (let n = 0; n < block; n++) sum += cosines[k * start + n * step] * values[i * block + n];
      middle[i * block + k] = sum;
    }
  }
  for (let k = 0; k < block; k++) {
    for (let j = 0; j < block; j++) {
      let sum = 0;
      for (let n = 0; n < block; n++) sum += cosines[k * start + n * step] * middle[n * block + j];
      values[k * block + j] = sum;
    }
  }
}

/** Quality 15, 8, 5, 3 or 1, the image padded to 32x32 by repeating its edge. Draws nothing. */
export const jpeg: Perturbation = {
  family: 'digital',
  core: false,
  draws: [],
  strength: { of: 'quality', values: qualities },
  apply(source, severity, _draws, out) {
    const quantiser = quantisers[severity - 1];
    for (let top = 0; top < side; top += block) {
      for (let left = 0; left < side; left += block) {
        for (let f = 0; f < values.length; f++) {
          const row = Math.min(top + Math.floor(f / block), side - 1);
          values[f] = source[row * side + Math.min(left + (f % block), side - 1)] - 128;
        }
        transform(true);
        for (let f = 0; f < values.length; f++) {
          const steps = (values[f] * norms[f]) / quantiser[f];
          // Half steps are rounded away from zero, as in the group's library.
          const rounded = steps < 0 ? -Math.floor(0.5 - steps) : Math.floor(steps + 0.5);
          values[f] = rounded * quantiser[f] * norms[f];
        }
        transform(false);
        for (let f = 0; f < values.length; f++) {
          const row = top + Math.floor(f / block);
          const column = left + (f % block);
          if (row < side && column < side) out[row * side + column] = level(values[f] + 128);
        }
      }
    }
  },
};
