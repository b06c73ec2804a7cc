// Test-time augmentation (spec 4) on a linear model: means of probabilities, exact gradients, draws that know their image.
import { describe, expect, test } from 'vitest';
import type { Rows } from '../../lib/engines/engine.ts';
import { crossEntropySeed, softmax } from '../../lib/losses.ts';
import { deriveKey, type Role } from '../../lib/random.ts';
import { rowsOf, type Tensor } from '../../lib/tensor.ts';
import { policies } from '../../lib/tta/index.ts';
import type { Policy, TtaContext } from '../../lib/tta/policy.ts';
import { classes, images, linearEngine, noise, pixels } from '../attacks/linear-engine.ts';

const count = 40;
const train: TtaContext['train'] = { offset: 0, count, images: Uint8Array.from(noise(count * pixels, 'train'), (value) => (value + 1) * 127) };
const context: TtaContext = { train, key: (role: Role) => deriveKey('', 'tta', 'test', role) };
const evaluate = { role: 'evaluate', restart: 0, step: 0 } as const;

/** Weights small enough that probabilities are far from 0 and 1: a smooth function. */
const engine = () => linearEngine({ scale: 0.05 });
const probabilities = (logits: Tensor) => Array.from(logits.data, Math.exp);

const named: [keyof typeof policies, Policy][] = [['shift', policies.shift()], ['sum', policies.sum({ k: 3, ownWeight: 2, repetitions: 5 })]];

function shifted(x: Float32Array, dx: number, dy: number): Float32Array {
  return x.map((_, q) => {
    const row = Math.floor(q / 28) - dy;
    const col = (q % 28) - dx;
    return row >= 0 && row < 28 && col >= 0 && col < 28 ? x[row * 28 + col] : 0;
  });
}

test('shift is the mean probability over nine zero-filled shifts', async () => {
  const rows: Rows = { ...images(2), draw: evaluate };
  const found = probabilities(await policies.shift()(engine(), context).logits(rows));
  for (let row = 0; row < 2; row++) {
    const expected = new Array<number>(classes).fill(0);
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1]) {
        const x = { data: shifted(rowsOf(rows.x, row, row + 1).data, dx, dy), shape: [1, pixels] };
        softmax(await engine().logits({ x, image: rows.image, draw: evaluate })).forEach((p, c) => (expected[c] += p / 9));
      }
    }
    expected.forEach((p, c) => expect(found[row * classes + c]).toBeCloseTo(p, 6));
  }
});

test('sum mixes each image with train images at the weights of spec 4.2', async () => {
  const rows: Rows = { ...images(1), draw: evaluate };
  const mixed: Float32Array[] = [];
  const spy = engine();
  const inner = { ...spy, logits: (given: Rows) => (mixed.push(given.x.data.slice()), spy.logits(given)) };
  await policies.sum({ k: 2, ownWeight: 4, repetitions: 8 })(inner, context).logits(rows);
  const partners = Array.from({ length: 8 }, (_, j) => {
    const partner = rows.x.data.map((value, q) => 5 * mixed[0][j * pixels + q] - 4 * value);
    const from = Array.from({ length: count }, (_, i) => i).find((i) => partner.every((value, q) => Math.abs(value - train.images[i * pixels + q] / 255) < 1e-5));
    expect(from, `repetition ${j} is no mixture of a train image`).toBeDefined();
    return from;
  });
  expect(new Set(partners).size).toBeGreaterThan(3);
});

test('a train image is never its own partner, and every other one is', async () => {
  const seen = new Map<number, Set<number>>([[0, new Set()], [count - 1, new Set()]]);
  const spy = engine();
  const x = { data: new Float32Array(2 * pixels), shape: [2, pixels] };
  const inner = {
    ...spy,
    logits: (given: Rows) => {
      given.image.forEach((image, row) => {
        const values = given.x.data.subarray(row * pixels, (row + 1) * pixels);
        for (let i = 0; i < count; i++) if (values.every((value, q) => Math.abs(2 * value - train.images[i * pixels + q] / 255) < 1e-5)) seen.get(image)!.add(i);
      });
      return spy.logits(given);
    },
  };
  await policies.sum({ k: 2, ownWeight: 1, repetitions: 256 })(inner, context).logits({ x, image: Uint32Array.of(0, count - 1), draw: evaluate });
  expect([...seen.get(0)!].sort((a, b) => a - b)).toEqual(Array.from({ length: count - 1 }, (_, i) => i + 1));
  expect([...seen.get(count - 1)!].sort((a, b) => a - b)).toEqual(Array.from({ length: count - 1 }, (_, i) => i));
});

test('draws differ by role, restart and step, and never by company', async () => {
  const policy = policies.sum({ k: 2, ownWeight: 1, repetitions: 2 })(engine(), context);
  const { x, image } = images(4);
  const at = async (draw: Rows['draw']) => [...(await policy.logits({ x, image, draw })).data];
  const variants = [evaluate, { ...evaluate, role: 'attack' as const }, { ...evaluate, restart: 1 }, { ...evaluate, step: 1 }];
  const found = await Promise.all(variants.map(at));
  expect(new Set(found.map(String)).size).toBe(4);
  const alone = await policy.logits({ x: rowsOf(x, 2, 3), image: image.subarray(2, 3), draw: evaluate });
  expect([...alone.data]).toEqual(found[0].slice(2 * classes, 3 * classes));
});

describe.each(named)('%s', (_, policy) => {
  test('pulls back the exact gradient of the log of the mean', async () => {
    const averaged = policy(engine(), context);
    const rows: Rows = { ...images(2), draw: { role: 'attack', restart: 1, step: 7 } };
    const seed = { data: noise(2 * classes, 'seed'), shape: [2, classes] };
    const { logits, dx } = await averaged.pullback!(rows, seed);
    expect(logits.data).toEqual((await averaged.logits(rows)).data);

    const value = async (row: number, data: Float32Array) => {
      const z = await averaged.logits({ ...rows, x: { data, shape: rows.x.shape } });
      return z.data.subarray(row * classes, (row + 1) * classes).reduce((sum, each, c) => sum + each * seed.data[row * classes + c], 0);
    };
    const step = 0.02;
    for (let row = 0; row < 2; row++) {
      const direction = noise(pixels, `direction ${row}`);
      const moved = (sign: number) => rows.x.data.map((old, i) => (Math.floor(i / pixels) === row ? old + sign * step * direction[i % pixels] : old));
      const difference = ((await value(row, moved(1))) - (await value(row, moved(-1)))) / (2 * step);
      const slope = direction.reduce((sum, d, q) => sum + d * dx.data[row * pixels + q], 0);
      expect(Math.abs(slope - difference) / Math.abs(slope)).toBeLessThan(1e-3);
    }
  });

  test('the loss gradient equals its parts, and never saturates', async () => {
    for (const scale of [0.05, 30]) {
      const averaged = policy(linearEngine({ scale }), context);
      const rows: Rows = { ...images(3), draw: { role: 'attack', restart: 0, step: 2 } };
      const logits = await averaged.logits(rows);
      const labels = Uint8Array.of(1, 5, 9);
      const whole = await averaged.lossGradient!(rows, labels, 'cross-entropy');
      const parts = await averaged.pullback!(rows, crossEntropySeed(logits, labels));
      expect(whole).toEqual(parts);
      for (let row = 0; row < 3; row++) expect(rowsOf(whole.dx, row, row + 1).data.some((g) => g !== 0)).toBe(true);
    }
  });

  test('offers no gradient where the model has none', () => {
    const averaged = policy(linearEngine({ gradient: false }), context);
    expect(averaged.pullback).toBeUndefined();
    expect(averaged.lossGradient).toBeUndefined();
  });
});
