// Contact sheets for everybody: training images under what a protocol does to images, by a seed that is no secret. Tell nothing of a phase.
import { keysFor } from '../evaluation/shards.ts';
import type { Trial } from '../evaluation/trial.ts';
import { isPerturbation } from '../perturbations/index.ts';
import { severities } from '../perturbations/perturb.ts';
import { seedHexOf } from '../random.ts';
import { picturesOf } from './pictures.ts';
import { spriteOf, type Sprite } from './png.ts';

/** Text of the seed: anybody can make the same pictures. */
export const publicSeed = 'gauntlet-guide';

/** Positions in the train split of the images that are shown: an ankle boot, a T-shirt, a dress and a bag. */
export const shownImages = [0, 1, 3, 23] as const;

const protocol = { images: { split: 'train', first: 64 } } as const;
const pixels = 784;

function wantedOf(trial: Trial, positions: readonly number[]) {
  return { protocol, trial, positions, keys: keysFor(protocol, trial, seedHexOf(publicSeed)) };
}

/** A perturbation's sheet: a row for each image, the image itself and then severities 1 to 5. Null for a name that is none. */
export async function perturbationSheet(kind: string): Promise<Sprite | null> {
  if (!isPerturbation(kind)) return null;
  const found = await picturesOf(severities.map((severity) => wantedOf({ kind: 'perturbation', perturbation: kind, severity }, shownImages)));
  const tiles = shownImages.flatMap((_, i) => [found[0].original, ...found.map(({ seen }) => seen)].map((all) => all.subarray(i * pixels, (i + 1) * pixels)));
  return spriteOf(tiles, severities.length + 1);
}

/** The first images of the mixed set, each under a perturbation of its own: `count` of them, 12 in a row. */
export async function mixedSheet(count = 36): Promise<Sprite> {
  const [{ seen }] = await picturesOf([wantedOf({ kind: 'mixed' }, Array.from({ length: count }, (_, i) => i))]);
  return spriteOf(Array.from({ length: count }, (_, i) => seen.subarray(i * pixels, (i + 1) * pixels)), 12);
}
