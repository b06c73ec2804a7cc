// Perturbs the images of a recipe: the mixed set of spec 1.3, on another split, from another seed. Knows no file format.
import { imageOf, type Dataset, type Pool } from '../datasets/load.ts';
import { pixels } from '../images/warp.ts';
import { mixedChoice, perturbImage } from '../perturbations/perturb.ts';
import { keysFromSeed, seedHexOf } from '../random.ts';
import type { Recipe } from './recipe.ts';

/** The streams' name of spec 7.2: an image here is the image of a mixed trial on this split under this seed. */
const trialId = 'mixed';

/** Images perturbed at a time: enough to compress well, and little memory. */
const imagesPerChunk = 512;

export type TrainingSet = {
  count: number;
  /** What the numbers of `perturbation` mean. */
  kinds: readonly string[];
  /** [count] 0..9 */
  labels: Uint8Array;
  /** [count] index into `kinds` */
  perturbation: Uint8Array;
  /** [count] 1..5 */
  severity: Uint8Array;
  /** Levels [n, 784] of the images from position `start` to before `end`. */
  images(start: number, end: number): Uint8Array;
};

/** The set of a recipe; images are perturbed when they are asked for. Overlays take partners from the recipe's whole split. */
export function trainingSet(recipe: Recipe, dataset: Pick<Dataset, 'train' | 'test'>): TrainingSet {
  const pool: Pool = dataset[recipe.split];
  const count = recipe.images;
  const keys = keysFromSeed(seedHexOf(recipe.seed));
  const perturbation = new Uint8Array(count);
  const severity = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const choice = mixedChoice(pool.offset + i, trialId, keys, recipe);
    perturbation[i] = recipe.kinds.indexOf(choice.kind);
    severity[i] = choice.severity;
  }
  const images = (start: number, end: number) => {
    const out = new Uint8Array((end - start) * pixels);
    for (let i = start; i < end; i++) {
      const to = out.subarray((i - start) * pixels, (i - start + 1) * pixels);
      perturbImage(recipe.kinds[perturbation[i]], severity[i], imageOf(pool, i), pool.offset + i, trialId, keys, to, pool);
    }
    return out;
  };
  return { count, kinds: recipe.kinds, labels: pool.labels.subarray(0, count), perturbation, severity, images };
}

/** All images of a set, [N, 784], in chunks. */
export function* imageChunks(set: TrainingSet): Generator<Uint8Array> {
  for (let start = 0; start < set.count; start += imagesPerChunk) yield set.images(start, Math.min(start + imagesPerChunk, set.count));
}
