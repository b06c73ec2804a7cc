// The table of perturbations: the one place that gives each its frozen name (spec 1.3, profile gauntlet-v1).
import { gaussianBlur, motionBlur, sharpness } from './blur.ts';
import { crop, flip, rot90, rotate, scale, shear, translate } from './geometric.ts';
import { jpeg } from './jpeg.ts';
import { gaussianNoise, impulse, shotNoise } from './noise.ts';
import { erasing, stripe } from './occlusion.ts';
import { collage, mixup } from './overlay.ts';
import { perspective } from './perspective.ts';
import type { Perturbation } from './perturbation.ts';
import { brightness, contrast } from './photometric.ts';
import { pixelate } from './pixelate.ts';
import { fog, spatter } from './weather.ts';

export const perturbations = {
  rot90,
  flip,
  rotate,
  translate,
  scale,
  shear,
  crop,
  perspective,
  gaussian_blur: gaussianBlur,
  motion_blur: motionBlur,
  sharpness,
  gaussian_noise: gaussianNoise,
  shot_noise: shotNoise,
  impulse,
  brightness,
  contrast,
  erasing,
  stripe,
  fog,
  spatter,
  pixelate,
  jpeg,
  mixup,
  collage,
} satisfies Record<string, Perturbation>;

export type Kind = keyof typeof perturbations;

export const kinds = Object.keys(perturbations) as Kind[];

/** The 18 of the main score and the mixed set. Their order is frozen: it says which kind a mixed image draws. */
export const coreKinds = kinds.filter((kind) => perturbations[kind].core);

export function isPerturbation(name: string): name is Kind {
  return Object.hasOwn(perturbations, name);
}

/** The perturbation of that name. Throws RangeError with all names for any other. */
export function perturbationOf(name: string): Perturbation {
  if (!isPerturbation(name)) throw new RangeError(`There is no perturbation "${name}". There are: ${kinds.join(', ')}.`);
  return perturbations[name];
}
