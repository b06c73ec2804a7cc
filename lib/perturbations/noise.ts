// Perturbations that draw for every pixel on its own: word q of purpose `pixels` belongs to pixel q (spec 1.2, rows 12 to 14).
import { pixels } from '../images/warp.ts';
import { level, levelTables, type Perturbation } from './perturbation.ts';
import { normalQuantiles, poissonRates, poissonThresholds } from './tables/load.ts';

/** 255 times 0.04, 0.08, 0.12, 0.18, 0.26, in levels. */
const deviations = [10.2, 20.4, 30.6, 45.9, 66.3];

/** Adds a normal draw, QN[word >>> 16] of spec 7.3, to each pixel. */
export const gaussianNoise: Perturbation = {
  family: 'noise',
  core: true,
  draws: ['pixels'],
  strength: { of: 'deviation, levels of 255', values: deviations },
  apply(source, severity, draws, out) {
    const deviation = deviations[severity - 1];
    const words = draws.pixels(pixels);
    const quantiles = normalQuantiles();
    for (let p = 0; p < pixels; p++) out[p] = level(source[p] + deviation * quantiles[words[p] >>> 16]);
  },
};

/** Level of a count, for each severity: count / c of full brightness. */
const countLevels = levelTables(poissonRates, (count, c) => (255 * count) / c);

/**
 * A Poisson count of mean c x, divided by c: the count is the number of thresholds of its level that the pixel's word
 * reaches. From c on all counts are white, so no threshold beyond is kept.
 */
export const shotNoise: Perturbation = {
  family: 'noise',
  core: true,
  draws: ['pixels'],
  strength: { of: 'photons of a white pixel', values: poissonRates },
  apply(source, severity, draws, out) {
    const c = poissonRates[severity - 1];
    const words = draws.pixels(pixels);
    const thresholds = poissonThresholds(severity);
    const levelOf = countLevels[severity - 1];
    for (let p = 0; p < pixels; p++) {
      // Thresholds that round to 2^32 are stored as 2^32 - 1: no word may reach those.
      const word = Math.min(words[p], 0xfffffffe);
      let low = source[p] * c;
      const first = low;
      let high = first + c;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (word >= thresholds[middle]) low = middle + 1;
        else high = middle;
      }
      out[p] = levelOf[low - first];
    }
  },
};

const shares = [0.005, 0.01, 0.02, 0.05, 0.1];

/** A uniform draw u per pixel: u < a/2 turns it black, u < a white. */
export const impulse: Perturbation = {
  family: 'noise',
  core: true,
  draws: ['pixels'],
  strength: { of: 'share of pixels', values: shares },
  apply(source, severity, draws, out) {
    const white = shares[severity - 1] * 2 ** 32;
    const black = white / 2;
    const words = draws.pixels(pixels);
    for (let p = 0; p < pixels; p++) out[p] = words[p] >= white ? source[p] : words[p] < black ? 0 : 255;
  },
};
