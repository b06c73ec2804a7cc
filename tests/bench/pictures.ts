// The images that the bench runs on: real ones, since blank backgrounds cost less than noise.
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';

/** x [count, 784] in [0,1]. */
export type Pictures = { x: Float32Array; labels: Uint8Array; count: number };

export async function pictures(): Promise<Pictures> {
  const { test } = await loadFashionMnist(await findFashionMnist({ log: console.error }));
  const count = 1000;
  return { x: Float32Array.from(test.images.subarray(0, count * 784), (value) => value / 255), labels: test.labels.slice(0, count), count };
}
