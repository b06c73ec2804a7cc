// Images and labels in memory, whoever brought them: uint8 pools shared by views. Knows no file.
import { joined } from '../bytes.ts';


export type Split = 'train' | 'test' | 'all';

export type Pool = {
  split: Split;
  /** Index in the whole pool of this split's first image: train 0..59,999, test 60,000..69,999. */
  offset: 0 | 60000;
  count: number;
  /** [count, 28, 28] */
  images: Uint8Array;
  /** [count], 0..9 */
  labels: Uint8Array;
};

/** `train` may be read on first use; `all` is made then by `poolOf`. */
export type Dataset = { train: Pool; test: Pool; directory: string };

/** The classes in the order of the labels. */
export const classNames = [
  'T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot',
] as const;

const whole = new WeakMap<Dataset, Pool>();

/** The images of a split; `all` is train then test, so that an image's position is its index in the whole pool. */
export function poolOf(dataset: Dataset, split: Split): Pool {
  if (split !== 'all') return dataset[split];
  let pool = whole.get(dataset);
  if (!pool) {
    const { train, test } = dataset;
    pool = {
      split,
      offset: 0,
      count: train.count + test.count,
      images: joined([train.images, test.images]),
      labels: joined([train.labels, test.labels]),
    };
    whole.set(dataset, pool);
  }
  return pool;
}

/** Image `index` of a pool as a view [784] into its buffer. */
export function imageOf(pool: Pick<Pool, 'images'>, index: number): Uint8Array {
  return pool.images.subarray(index * 784, (index + 1) * 784);
}
