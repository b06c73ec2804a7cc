// FashionMNIST in memory: two pools of uint8 images and labels, loaded once and shared by views. Knows no environment.
import { readVerified } from './verify.ts';

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

/** `all` is made on first use by `poolOf`. */
export type Dataset = { train: Pool; test: Pool; directory: string };

/** The classes in the order of the labels. */
export const classNames = [
  'T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot',
] as const;

const imageHeaderBytes = 16;
const labelHeaderBytes = 8;

const loaded = new Map<string, Promise<Dataset>>();

/**
 * The dataset of a folder as `findFashionMnist` returns it, verified; read once in a process. Throws an Error that says
 * which file is missing or wrong.
 */
export function loadFashionMnist(directory: string): Promise<Dataset> {
  let dataset = loaded.get(directory);
  if (!dataset) {
    dataset = read(directory);
    loaded.set(directory, dataset);
    dataset.catch(() => loaded.delete(directory));
  }
  return dataset;
}

async function read(directory: string): Promise<Dataset> {
  const files = await readVerified(directory);
  // The checksums vouch for the IDX headers, so they are skipped and not parsed.
  return {
    train: {
      split: 'train',
      offset: 0,
      count: 60_000,
      images: files['train-images-idx3-ubyte'].subarray(imageHeaderBytes),
      labels: files['train-labels-idx1-ubyte'].subarray(labelHeaderBytes),
    },
    test: {
      split: 'test',
      offset: 60_000,
      count: 10_000,
      images: files['t10k-images-idx3-ubyte'].subarray(imageHeaderBytes),
      labels: files['t10k-labels-idx1-ubyte'].subarray(labelHeaderBytes),
    },
    directory,
  };
}

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
      images: Buffer.concat([train.images, test.images]),
      labels: Buffer.concat([train.labels, test.labels]),
    };
    whole.set(dataset, pool);
  }
  return pool;
}

/** Image `index` of a pool as a view [784] into its buffer. */
export function imageOf(pool: Pool, index: number): Uint8Array {
  return pool.images.subarray(index * 784, (index + 1) * 784);
}
