// Which images of a split a trial sees, and in which order: file order, or a nested class-balanced order drawn from the seed.
import type { Pool } from '../datasets/pool.ts';
import { type KeySource, sample, Stream } from '../random.ts';
import type { ImageChoice } from './trial.ts';

/** Stream id of purpose `subset`, shared by every trial so that a smaller choice is a prefix of a larger one. */
export function subsetId(split: ImageChoice['split']): string {
  return `images/${split}`;
}

/**
 * Positions in the split, in the order a trial counts its images. A drawn choice takes one image of each class in turn
 * (classes in a new order each round), so every prefix is class-balanced and all trials of a split are paired.
 * Throws RangeError when the split is smaller than the choice.
 */
export function imageOrder(pool: Pick<Pool, 'labels' | 'count'>, choice: ImageChoice, keys: KeySource): Uint32Array {
  const wanted = 'first' in choice ? choice.first : choice.size;
  if (wanted > pool.count) throw new RangeError(`The ${choice.split} split has ${pool.count} images; the trial asks for ${wanted}.`);
  if ('first' in choice) return Uint32Array.from({ length: wanted }, (_, i) => i);

  const key = keys('subset', subsetId(choice.split), 'evaluate');
  const members: number[][] = [];
  for (let i = 0; i < pool.count; i++) (members[pool.labels[i]] ??= []).push(i);
  // These streams belong to no image: the image word of their address carries the class (slot 0) or the round (slot 1).
  const shuffled = members.map((of, label) => sample(of, of.length, new Stream(key, { image: label })));
  const classes = [...shuffled.keys()].filter((label) => shuffled[label]);
  const order = new Uint32Array(wanted);
  let filled = 0;
  for (let round = 0; filled < wanted; round++) {
    const left = classes.filter((label) => round < shuffled[label].length);
    for (const label of sample(left, left.length, new Stream(key, { image: round, slot: 1 }))) {
      if (filled < wanted) order[filled++] = shuffled[label][round];
    }
  }
  return order;
}
