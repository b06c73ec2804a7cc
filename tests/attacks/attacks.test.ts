// The update rules of spec 2.1 against closed forms on a linear model, where the gradient is a sum of weight rows.
import { describe, expect, test } from 'vitest';
import type { Attack, Budget, Victims } from '../../lib/attacks/attack.ts';
import { attacks, type AttackName } from '../../lib/attacks/index.ts';
import { attackNames } from '../../lib/evaluation/trial.ts';
import { crossEntropySeed } from '../../lib/losses.ts';
import { deriveKey } from '../../lib/random.ts';
import { argmax, predictions, rowsOf } from '../../lib/tensor.ts';
import { classes, images, linearEngine, pixels, type Seen, weights } from './linear-engine.ts';

const epsilon = 0.03;
const startKey = () => deriveKey('', 'attack-start', 'test', 'attack');
const plans: Record<AttackName, object> = {
  fgsm: { norm: 'linf', epsilon },
  bim: { norm: 'linf', epsilon, stepSize: epsilon / 4, steps: 5, count: 'last' },
  mim: { norm: 'linf', epsilon, stepSize: epsilon / 4, steps: 5, momentum: 1, randomStart: false, count: 'last' },
  pgd: { norm: 'linf', epsilon, stepSize: epsilon / 4, steps: 5, randomStart: true, count: 'last' },
};
const named = (Object.keys(attacks) as AttackName[]).map((name) => [name, attacks[name] as Attack<Budget>, plans[name] as Budget] as const);

/** Images the linear model gets right by definition: its own predictions are the labels. */
async function victims(n: number): Promise<Victims> {
  const { x, image } = images(n);
  const logits = await linearEngine().logits({ x, image, draw: { role: 'evaluate', restart: 0, step: 0 } });
  return { x, image, labels: predictions(logits), restart: 0, startKey };
}

/** The closed form of the gradient: W^T of the seed at the logits of one image. */
function gradientAt(x: Float32Array, label: number): number[] {
  const logits = Float32Array.from({ length: classes }, (_, c) => {
    let sum = 0;
    for (let q = 0; q < pixels; q++) sum += weights[c * pixels + q] * x[q];
    return sum;
  });
  const seed = crossEntropySeed({ data: logits, shape: [1, classes] }, Uint8Array.of(label)).data;
  return Array.from({ length: pixels }, (_, q) => seed.reduce((sum, value, c) => sum + value * weights[c * pixels + q], 0));
}

const clip = (value: number, from: number, radius: number) =>
  Math.min(Math.fround(Math.min(1, from + radius)), Math.max(Math.fround(Math.max(0, from - radius)), Math.fround(value)));

test('the table holds every attack a protocol can name', () => {
  expect(attackNames).toEqual(expect.arrayContaining(Object.keys(attacks)));
});

test('FGSM is one full step along the sign of the gradient', async () => {
  const given = await victims(3);
  const found = await attacks.fgsm(linearEngine(), given, { norm: 'linf', epsilon });
  for (let row = 0; row < 3; row++) {
    const x = given.x.data.subarray(row * pixels, (row + 1) * pixels);
    const gradient = gradientAt(x, given.labels[row]);
    const expected = Array.from(x, (value, q) => clip(value + Math.fround(epsilon) * Math.sign(gradient[q]), value, epsilon));
    expect(Array.from(found.x.data.subarray(row * pixels, (row + 1) * pixels))).toEqual(expected);
  }
});

test('BIM and MIM follow their rules step by step', async () => {
  const given = await victims(1);
  const bim = { norm: 'linf', epsilon, stepSize: Math.fround(0.012), steps: 4, count: 'last' } as const;
  const label = given.labels[0];
  let plain = given.x.data.slice();
  let heavy = given.x.data.slice();
  let momentum = new Array<number>(pixels).fill(0);
  for (let step = 0; step < bim.steps; step++) {
    const g = gradientAt(plain, label);
    plain = plain.map((value, q) => clip(value + bim.stepSize * Math.sign(g[q]), given.x.data[q], epsilon));
    const h = gradientAt(heavy, label);
    const norm = h.reduce((sum, value) => sum + Math.abs(value), 0);
    momentum = momentum.map((value, q) => 0.7 * value + h[q] / norm);
    heavy = heavy.map((value, q) => clip(value + bim.stepSize * Math.sign(momentum[q]), given.x.data[q], epsilon));
  }
  expect((await attacks.bim(linearEngine(), given, bim)).x.data).toEqual(plain);
  expect((await attacks.mim(linearEngine(), given, { ...bim, momentum: 0.7, randomStart: false })).x.data).toEqual(heavy);
  expect(plain).not.toEqual(heavy);
});

test('a random start is uniform in the ball, its own for every image and restart, and projected', async () => {
  const given = await victims(4);
  const still = { norm: 'linf', epsilon, stepSize: 1e-12, steps: 1, randomStart: true, count: 'last' } as const;
  const first = (await attacks.pgd(linearEngine(), given, still)).x.data;
  const offsets = Array.from(first, (value, i) => (value - given.x.data[i]) / epsilon).filter((_, i) => given.x.data[i] > epsilon && given.x.data[i] < 1 - epsilon);
  const mean = offsets.reduce((sum, value) => sum + value, 0) / offsets.length;
  const square = offsets.reduce((sum, value) => sum + value * value, 0) / offsets.length;
  expect(Math.abs(mean)).toBeLessThan(0.05);
  expect(square).toBeCloseTo(1 / 3, 1);
  const again = (await attacks.pgd(linearEngine(), { ...given, restart: 1 }, still)).x.data;
  expect(again).not.toEqual(first);
});

test('an all-zero gradient moves nothing, yields no NaN, and is counted', async () => {
  const given = await victims(3);
  const flat = linearEngine({ scale: 0 });
  for (const [name, attack, plan] of named.filter(([name]) => name !== 'pgd')) {
    const found = await attack(flat, given, plan);
    expect(found.zeroGradients, name).toBe(3);
    expect(found.x.data, name).toEqual(given.x.data);
  }
});

test('a gradient of NaN moves nothing', async () => {
  const given = await victims(2);
  const broken = linearEngine();
  broken.lossGradient = async (rows) => ({ logits: await linearEngine().logits(rows), dx: { data: new Float32Array(rows.x.data.length).fill(NaN), shape: rows.x.shape } });
  for (const [name, attack, plan] of named.filter(([name]) => name !== 'pgd')) {
    expect((await attack(broken, given, plan)).x.data, name).toEqual(given.x.data);
  }
});

describe.each(named)('%s', (_, attack, plan) => {
  test('stays in the ball and in [0, 1], and leaves its input alone', async () => {
    const given = await victims(5);
    const before = given.x.data.slice();
    const { x } = await attack(linearEngine(), given, plan);
    expect(given.x.data).toEqual(before);
    expect(x.shape).toEqual([5, pixels]);
    x.data.forEach((value, i) => {
      if (!(value >= 0 && value <= 1 && Math.abs(value - before[i]) <= epsilon + 1e-7)) throw new Error(`pixel ${i}: ${before[i]} became ${value}`);
    });
    expect(x.data).not.toEqual(before);
  });

  test('an image has the same example in any company, in one run or from the parts of the engine', async () => {
    const given = await victims(6);
    const together = (await attack(linearEngine({ fused: true }), given, plan)).x.data;
    for (const row of [0, 3, 5]) {
      const alone: Victims = {
        ...given, x: rowsOf(given.x, row, row + 1), labels: given.labels.subarray(row, row + 1), image: given.image.subarray(row, row + 1),
      };
      expect((await attack(linearEngine(), alone, plan)).x.data).toEqual(together.slice(row * pixels, (row + 1) * pixels));
    }
  });

  test('logits scaled by 30 are attacked along the same direction and no better defended', async () => {
    const given = await victims(20);
    const fooled = async (scale: number) => {
      const { x } = await attack(linearEngine({ scale }), given, { ...plan, epsilon: 0.1 } as Budget);
      const logits = await linearEngine({ scale }).logits({ ...given, x, draw: { role: 'evaluate', restart: 0, step: 0 } });
      return predictions(logits).filter((label, i) => label !== given.labels[i]).length;
    };
    expect(await fooled(30)).toBeGreaterThanOrEqual(await fooled(1) - 1);
    expect(await fooled(1)).toBeGreaterThan(10);
  });
});

test('under `any` a fooled image leaves the batch and keeps the iterate that fooled', async () => {
  const given = await victims(20);
  const seen: Seen[] = [];
  const plan = { norm: 'linf', epsilon: 0.2, stepSize: 0.01, steps: 12, count: 'any' } as const;
  const any = await attacks.bim(linearEngine({ seen, fused: true }), given, plan);
  expect(seen[0].rows).toBe(20);
  expect(seen.at(-1)!.rows).toBeLessThan(20);
  const last = await attacks.bim(linearEngine(), given, { ...plan, count: 'last' });
  expect(any.x.data).not.toEqual(last.x.data);
  const logits = await linearEngine().logits({ ...given, x: any.x, draw: { role: 'evaluate', restart: 0, step: 0 } });
  const wrong = given.labels.filter((label, row) => argmax(logits.data, row * classes, classes) !== label).length;
  expect(wrong).toBeGreaterThan(10);
});

test('an attack draws as an attack, step by step', async () => {
  const seen: Seen[] = [];
  await attacks.bim(linearEngine({ seen, fused: true }), { ...(await victims(2)), restart: 3 }, { norm: 'linf', epsilon, stepSize: 0.01, steps: 3, count: 'last' });
  expect(seen.map(({ draw }) => draw)).toEqual([0, 1, 2].map((step) => ({ role: 'attack', restart: 3, step })));
});

test('an engine without a gradient is refused with its reason', async () => {
  const engine = linearEngine({ gradient: false });
  const blind = { ...engine, info: { ...engine.info, noGradient: 'Round has no gradient.' } };
  await expect(attacks.fgsm(blind, await victims(1), { norm: 'linf', epsilon })).rejects.toThrow('Round has no gradient.');
});
