// The labelled training images that everybody may try a model on. They come with the code: no request carries anything.
import { hexToBytes } from '@noble/hashes/utils.js';
import { unzlibSync } from 'fflate';
import type { Pool } from '../datasets/pool.ts';
import { imageOf } from '../datasets/pool.ts';
import { imageCount, packedImages } from './training-images.ts';

export type TrainingImage = {
  /** Index in the whole pool, which addresses the random streams; also its place in the training set. */
  index: number;
  /** 0..9, in the order of `classNames`. */
  label: number;
  /** [784] gray levels 0..255. */
  levels: Uint8Array;
};

let pool: Pool | undefined;

/** The first training images, as a split of their own: also the partners of whatever overlays or averages images here. */
export function playgroundPool(): Pool {
  if (pool) return pool;
  const bytes = unzlibSync(hexToBytes(packedImages));
  return (pool = { split: 'train', offset: 0, count: imageCount, labels: bytes.subarray(0, imageCount), images: bytes.subarray(imageCount) });
}

/** One of them. Throws RangeError for an index that is not here. */
export function trainingImage(index: number): TrainingImage {
  const all = playgroundPool();
  if (!(Number.isInteger(index) && index >= 0 && index < all.count)) {
    throw new RangeError(`There is no training image ${index} here; there are 0 to ${all.count - 1}.`);
  }
  return { index, label: all.labels[index], levels: imageOf(all, index) };
}

/** The first `each` images of every class, class by class. */
export function samples(each: number): TrainingImage[] {
  const { labels } = playgroundPool();
  const left = new Uint8Array(10).fill(each);
  const picked = [...labels.keys()].filter((index) => left[labels[index]] > 0 && left[labels[index]]--);
  return picked.map(trainingImage).sort((a, b) => a.label - b.label || a.index - b.index);
}
