import { expect, test } from 'vitest';
import { crossEntropySeed, logSumExp, softmax } from '../lib/losses.ts';

const logits = (values: number[]) => ({ data: Float32Array.from(values), shape: [1, values.length] });

test('softmax and its normaliser survive logits that overflow exp', () => {
  const p = softmax(logits([1000, 1000, -1000]));
  [0.5, 0.5, 0].forEach((expected, c) => expect(p[c]).toBeCloseTo(expected, 10));
  expect(logSumExp([1000, 1000], 0, 2)).toBeCloseTo(1000 + Math.log(2), 10);
  expect(logSumExp([-Infinity, -Infinity], 0, 2)).toBe(-Infinity);
});

test('the seed is the cross-entropy gradient divided by 1 - p_y', () => {
  const z = logits([0.3, -1.2, 2.1, 0.4]);
  const p = softmax(z);
  const seed = crossEntropySeed(z, Uint8Array.of(2));
  p.forEach((value, c) => expect(seed.data[c]).toBeCloseTo((value - (c === 2 ? 1 : 0)) / (1 - p[2]), 6));
});

test('the seed does not saturate where plain cross-entropy does', () => {
  const z = logits([900, 0, 1, -3]);
  const seed = crossEntropySeed(z, Uint8Array.of(0));
  expect(seed.data[0]).toBe(-1);
  expect(seed.data[2]).toBeGreaterThan(0.7);
  expect(seed.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
});
