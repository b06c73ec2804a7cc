// The losses of spec 2.4: published values, exact gradients up to a positive factor, no saturation, no scale.
import { describe, expect, test } from 'vitest';
import { likeliestWrong, logSumExp, losses, lossSeed, lossValues, softmax, type Loss } from '../lib/losses.ts';
import { uniform } from './models.ts';

const logits = (values: number[]) => ({ data: Float32Array.from(values), shape: [1, values.length] });
const z = [0.3, -1.2, 2.1, 0.4, 1.7];

test('softmax and its normaliser survive logits that overflow exp', () => {
  const p = softmax(logits([1000, 1000, -1000]));
  [0.5, 0.5, 0].forEach((expected, c) => expect(p[c]).toBeCloseTo(expected, 10));
  expect(logSumExp([1000, 1000], 0, 2)).toBeCloseTo(1000 + Math.log(2), 10);
  expect(logSumExp([-Infinity, -Infinity], 0, 2)).toBe(-Infinity);
});

test('the cross-entropy seed is the gradient divided by 1 - p_y', () => {
  const p = softmax(logits(z));
  const seed = lossSeed('cross-entropy', logits(z), Uint8Array.of(2));
  p.forEach((value, c) => expect(seed.data[c]).toBeCloseTo((value - (c === 2 ? 1 : 0)) / (1 - p[2]), 6));
});

test('the seed does not saturate where plain cross-entropy does', () => {
  const seed = lossSeed('cross-entropy', logits([900, 0, 1, -3]), Uint8Array.of(0));
  expect(seed.data[0]).toBe(-1);
  expect(seed.data[2]).toBeGreaterThan(0.7);
  expect(seed.data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
});

test('values are the published ones', () => {
  const of = (loss: Loss, label: number, target = 0) => lossValues(loss, logits(z), Uint8Array.of(label), Uint8Array.of(target))[0];
  // Cross-entropy is log(1 + exp(value)).
  expect(Math.log1p(Math.exp(of('cross-entropy', 3)))).toBeCloseTo(-Math.log(softmax(logits(z))[3]), 6);
  expect(of('margin', 2)).toBeCloseTo(1.7 - 2.1, 6);
  expect(of('margin', 3)).toBeCloseTo(2.1 - 0.4, 6);
  expect(of('dlr', 2)).toBeCloseTo(-(2.1 - 1.7) / (2.1 - 0.4), 6);
  expect(of('dlr', 1)).toBeCloseTo((2.1 + 1.2) / (2.1 - 0.4), 6);
  expect(of('dlr-targeted', 2, 0)).toBeCloseTo(-(2.1 - 0.3) / (2.1 - (0.4 + 0.3) / 2), 6);
});

test('the likeliest wrong classes come in order, the lower index first of equals', () => {
  expect(likeliestWrong(Float32Array.of(1, 3, 2, 3, 1), 2)).toEqual([1, 3, 0, 4]);
});

test('a targeted loss wants a target for every row', () => {
  expect(() => lossSeed('dlr-targeted', logits(z), Uint8Array.of(1))).toThrow('target');
});

describe.each(losses)('%s', (loss) => {
  const rows = 40;
  const given = { data: uniform(3, rows * 10, -4, 4), shape: [rows, 10] };
  const labels = Uint8Array.from({ length: rows }, (_, row) => (row * 7) % 10);
  const targets = labels.map((label) => (label + 1 + (label % 3)) % 10);
  const seeds = lossSeed(loss, given, labels, targets);
  const row = (i: number) => seeds.data.subarray(i * 10, i * 10 + 10);

  test('the seed is a positive multiple of the gradient of the value', () => {
    const h = 1e-3;
    for (let i = 0; i < rows; i++) {
      const at = (c: number, by: number) => lossValues(loss, { ...given, data: given.data.with(i * 10 + c, given.data[i * 10 + c] + by) }, labels, targets)[i];
      const slope = Array.from({ length: 10 }, (_, c) => (at(c, h) - at(c, -h)) / (2 * h));
      const length = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));
      const cosine = slope.reduce((sum, value, c) => sum + value * row(i)[c], 0) / (length(slope) * length(row(i)));
      expect(cosine, `row ${i}`).toBeGreaterThan(0.999);
    }
  });

  test('logits times 30, or shifted, have the same seed where it does not depend on how sure the model is', () => {
    if (loss === 'cross-entropy') return;
    const scaled = lossSeed(loss, { ...given, data: given.data.map((value) => 30 * value + 5) }, labels, targets);
    scaled.data.forEach((value, i) => expect(value).toBeCloseTo(seeds.data[i], 4));
  });

  test('equal logits give numbers', () => {
    const flat = { data: new Float32Array(10), shape: [1, 10] };
    expect([...lossSeed(loss, flat, Uint8Array.of(3), Uint8Array.of(4)).data].every(Number.isFinite)).toBe(true);
    expect(lossValues(loss, flat, Uint8Array.of(3), Uint8Array.of(4))[0]).not.toBeNaN();
  });
});
