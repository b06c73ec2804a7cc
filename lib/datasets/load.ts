// FashionMNIST from its files, loaded once and shared by views. Knows no environment.
import type { Dataset, Pool } from './pool.ts';
import { readOne } from './verify.ts';

export { classNames, imageOf, poolOf, type Dataset, type Pool, type Split } from './pool.ts';

const imageHeaderBytes = 16;
const labelHeaderBytes = 8;

const loaded = new Map<string, Promise<Dataset>>();

/**
 * The dataset of a folder as `findFashionMnist` returns it, verified; read once in a process, the training images when they are first
 * asked for: most trials never do, and they are six times the work. Throws an Error that says which file is missing or wrong, as
 * `train` does.
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
  // The checksums vouch for the IDX headers, so they are skipped and not parsed.
  const files = (prefix: 'train' | 't10k') => ({
    images: readOne(directory, `${prefix}-images-idx3-ubyte`).subarray(imageHeaderBytes),
    labels: readOne(directory, `${prefix}-labels-idx1-ubyte`).subarray(labelHeaderBytes),
  });
  let train: Pool | undefined;
  return {
    get train() {
      return (train ??= { split: 'train', offset: 0, count: 60_000, ...files('train') });
    },
    test: { split: 'test', offset: 60_000, count: 10_000, ...files('t10k') },
    directory,
  };
}
