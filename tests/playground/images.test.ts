// The images that come with the playground are FashionMNIST's, under their own numbers.
import { expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { playgroundPool, samples, trainingImage } from '../../lib/playground/images.ts';

test('they are the first of the training set, with their labels', async () => {
  const { train } = await loadFashionMnist(await findFashionMnist());
  const pool = playgroundPool();
  expect(pool).toMatchObject({ split: 'train', offset: 0 });
  expect(pool.images).toEqual(new Uint8Array(train.images.subarray(0, pool.count * 784)));
  expect(pool.labels).toEqual(new Uint8Array(train.labels.subarray(0, pool.count)));
});

test('a few of every class, class by class', () => {
  const few = samples(4);
  expect(few.map(({ label }) => label)).toEqual(Array.from({ length: 40 }, (_, i) => Math.floor(i / 4)));
  for (const { index, label, levels } of few) expect(trainingImage(index)).toEqual({ index, label, levels });
  expect(() => trainingImage(256)).toThrow(/0 to 255/);
});
