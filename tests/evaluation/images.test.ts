// The order in which trials count images: class-balanced at every length, nested, drawn from the seed.
import { expect, test } from 'vitest';
import { imageOrder } from '../../lib/evaluation/images.ts';
import { keysFromSeed } from '../../lib/random.ts';

const labels = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7 + (i >> 3)) % 10);
const counts = new Array<number>(10).fill(0);
labels.forEach((label) => counts[label]++);
const pool = { labels, count: labels.length };
const drawn = (size: number, seed = '00') => imageOrder(pool, { split: 'test', size }, keysFromSeed(seed));

test('a drawn order is a permutation whose prefixes are shorter orders and class-balanced', () => {
  const all = drawn(1000);
  expect(new Set(all).size).toBe(1000);
  for (const size of [1, 25, 200, 500]) {
    const some = drawn(size);
    expect([...some]).toEqual([...all.subarray(0, size)]);
    const seen = new Array<number>(10).fill(0);
    some.forEach((i) => seen[labels[i]]++);
    expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(1);
  }
});

test('another seed draws another order, and classes take turns in no fixed order', () => {
  expect([...drawn(100, '01')]).not.toEqual([...drawn(100)]);
  const rounds = Array.from({ length: 20 }, (_, round) => String([...drawn(200).subarray(round * 10, round * 10 + 10)].map((i) => labels[i])));
  expect(new Set(rounds).size).toBeGreaterThan(15);
});

test('an uneven split is drawn to its end', () => {
  const uneven = { labels: Uint8Array.of(3, 3, 3, 3, 1), count: 5 };
  const order = imageOrder(uneven, { split: 'test', size: 5 }, keysFromSeed('00'));
  expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  expect([...order.subarray(0, 2)]).toContain(4);
});

test('the first N are the first N, without a key', () => {
  const noKeys = () => { throw new Error('asked for a key'); };
  expect([...imageOrder(pool, { split: 'test', first: 4 }, noKeys)]).toEqual([0, 1, 2, 3]);
});

test('more than there are is refused', () => {
  expect(() => drawn(1001)).toThrow('The test split has 1000 images; the trial asks for 1001.');
});
