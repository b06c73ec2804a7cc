// Perturbations by weather: fog in front of everything, and spatter on the lens (spec 1.2, rows 19 and 20).
import { pixels, side } from '../images/warp.ts';
import { level, type Perturbation } from './perturbation.ts';
import { plasma, plasmaSide } from './plasma.ts';
import { blur, replicate } from './separable.ts';
import { liquidKernel, maskKernel } from './tables/literals.ts';
import { normalQuantiles } from './tables/load.ts';

/** [amount, decay] of CIFAR-10-C. */
const fogs = [[0.2, 3], [0.5, 3], [0.75, 2.5], [1, 2], [1.5, 1.75]];

/**
 * Adds `amount` of a cloud, the top left 28x28 of a 32x32 plasma, and scales back by the image's maximum. Word q of
 * `pixels` belongs to cell q of the 32x32 plasma.
 */
export const fog: Perturbation = {
  family: 'occlusion',
  core: false,
  draws: ['pixels'],
  strength: { of: 'amount, decay', values: fogs.map(([amount, decay]) => `${amount}, ${decay}`) },
  apply(source, severity, draws, out) {
    const [amount, decay] = fogs[severity - 1];
    const cloud = plasma(draws.pixels(plasmaSide * plasmaSide), decay);
    let brightest = 0;
    for (let p = 0; p < pixels; p++) brightest = Math.max(brightest, source[p]);
    const scale = brightest / (brightest + 255 * amount);
    for (let p = 0; p < pixels; p++) {
      const fogged = source[p] + 255 * amount * cloud[Math.floor(p / side) * plasmaSide + (p % side)];
      out[p] = level(fogged * scale);
    }
  },
};

const liquid = new Float64Array(pixels);
const mask = new Float64Array(pixels);
const liquidHalf = Float64Array.from(liquidKernel);
const maskHalf = Float64Array.from(maskKernel);
const thresholds = [0.7, 0.69, 0.68, 0.67, 0.66];
/** Gray of the mud, 63 of 255. */
const mud = 63;

/** Mud where a blurred normal field (mean 0.65, deviation 0.3; word q for pixel q) exceeds the threshold. */
export const spatter: Perturbation = {
  family: 'occlusion',
  core: false,
  draws: ['pixels'],
  strength: { of: 'threshold', values: thresholds },
  apply(source, severity, draws, out) {
    const words = draws.pixels(pixels);
    const quantiles = normalQuantiles();
    for (let p = 0; p < pixels; p++) liquid[p] = 0.65 + 0.3 * quantiles[words[p] >>> 16];
    blur(liquid, liquidHalf, replicate, liquid);
    for (let p = 0; p < pixels; p++) mask[p] = liquid[p] > thresholds[severity - 1] ? 1 : 0;
    blur(mask, maskHalf, replicate, mask);
    for (let p = 0; p < pixels; p++) {
      const covered = mask[p] < 0.8 ? 0 : mask[p];
      out[p] = level(source[p] * (1 - covered) + mud * covered);
    }
  },
};
