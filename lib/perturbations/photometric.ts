// Perturbations of brightness and contrast, in exact fractions (spec 1.2, rows 15 and 16; spec 7.4).
import { pixels } from '../images/warp.ts';
import { level, levelTables, type Perturbation } from './perturbation.ts';

/** 0.1 to 0.5 of 255, rounded half up once: 25.5 more would put every pixel on a rounding boundary. */
const added = [26, 51, 77, 102, 128];
const brighter = levelTables(added, (v, more) => v + more);

/** Adds 26, 51, 77, 102 or 128 levels. Draws nothing. */
export const brightness: Perturbation = {
  family: 'photometric',
  core: true,
  draws: [],
  strength: { of: 'levels added, of 255', values: added },
  apply(source, severity, _draws, out) {
    const levelOf = brighter[severity - 1];
    for (let p = 0; p < pixels; p++) out[p] = levelOf[source[p]];
  },
};

/** Contrast 0.75, 0.5, 0.4, 0.3, 0.15 as [numerator, denominator]. */
const contrasts = [[3, 4], [1, 2], [2, 5], [3, 10], [3, 20]];

/** Draws towards the image's mean S/784: ((784 n v + (d - n) S) / (784 d) for contrast n/d. Draws nothing. */
export const contrast: Perturbation = {
  family: 'photometric',
  core: true,
  draws: [],
  strength: { of: 'contrast kept', values: contrasts.map(([numerator, denominator]) => numerator / denominator) },
  apply(source, severity, _draws, out) {
    const [numerator, denominator] = contrasts[severity - 1];
    let sum = 0;
    for (let p = 0; p < pixels; p++) sum += source[p];
    const mean = (denominator - numerator) * sum;
    const divisor = pixels * denominator;
    for (let p = 0; p < pixels; p++) out[p] = level((pixels * numerator * source[p] + mean) / divisor);
  },
};
