// FashionMNIST from its files, loaded once and shared by views. Knows no environment.
import type { Dataset } from './pool.ts';
import { readVerified } from './verify.ts';

export { classNames, imageOf, poolOf, type Dataset, type Pool, type Split } from './pool.ts';

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
