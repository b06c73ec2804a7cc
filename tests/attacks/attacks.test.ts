// The update rules of spec 2.1 against closed forms on a linear model, where the gradient is a sum of weight rows.
import { describe, expect, test } from 'vitest';
import type { Attack, Budget, Sources, Victims } from '../../lib/attacks/attack.ts';
import { attacks, type AttackName } from '../../lib/attacks/index.ts';
import type { Rows } from '../../lib/engines/engine.ts';
import { police } from '../../lib/evaluation/robustness.ts';
import { attackNames } from '../../lib/evaluation/trial.ts';
import { lossSeed } from '../../lib/losses.ts';
import { deriveKey } from '../../lib/random.ts';
import { argmax, predictions, rowsOf } from '../../lib/tensor.ts';
import { classes, images, linearEngine, pixels, type Seen, weights } from './linear-engine.ts';

const epsilon = 0.03;
const sources: Sources = {
  startKey: () => deriveKey('', 'attack-start', 'test', 'attack'),
  squareKey: () => deriveKey('', 'square', 'test', 'attack'),
  reference: async () => linearEngine({ scale: 0.5 }),
};
const linf = { norm: 'linf', epsilon } as const;
const plans: Record<AttackName, object> = {
  fgsm: linf,
  bim: { ...linf, stepSize: epsilon / 4, steps: 5, count: 'last' },
  mim: { ...linf, stepSize: epsilon / 4, steps: 5, momentum: 1, randomStart: false, count: 'last' },
  pgd: { ...linf, stepSize: epsilon / 4, steps: 5, randomStart: true, count: 'last' },
  'apgd-ce': { ...linf, steps: 12 },
  'apgd-dlr': { ...linf, steps: 12 },
  'apgd-t': { ...linf, steps: 12, targets: 3 },
  square: { ...linf, queries: 60 },
  ensemble: { ...linf, steps: 12, targets: 2, queries: 60 },
  noise: linf,
  transfer: { ...linf, stepSize: epsilon / 4, steps: 5 },
};
const named = (Object.keys(attacks) as AttackName[]).map((name) => [name, attacks[name] as Attack<Budget>, plans[name] as Budget] as const);
/** Those with an L2 form, at a radius that moves as far. */
const inL2 = (['pgd', 'apgd-ce', 'apgd-dlr', 'apgd-t'] as const).map((name) =>
  [`${name} in L2`, attacks[name] as Attack<Budget>, { ...plans[name], norm: 'l2', epsilon: 0.6, ...(name === 'pgd' && { stepSize: 0.2 }) } as Budget] as const);

/** Images the linear model gets right by definition: its own predictions are the labels. */
async function victims(n: number): Promise<Victims> {
  const { x, image } = images(n);
  const logits = await linearEngine().logits({ x, image, draw: { role: 'evaluate', restart: 0, step: 0 } });
  return { x, image, labels: predictions(logits), restart: 0, ...sources };
}

/** The closed form of the gradient: W^T of the seed at the logits of one image. */
function gradientAt(x: Float32Array, label: number): number[] {
  const logits = Float32Array.from({ length: classes }, (_, c) => {
    let sum = 0;
    for (let q = 0; q < pixels; q++) sum += weights[c * pixels + q] * x[q];
    return sum;
  });
  const seed = lossSeed('cross-entropy', { data: logits, shape: [1, classes] }, Uint8Array.of(label)).data;
  return Array.from({ length: pixels }, (_, q) => seed.reduce((sum, value, c) => sum + value * weights[c * pixels + q], 0));
}

const clip = (value: number, from: number, radius: number) =>
  Math.min(Math.fround(Math.min(1, from + radius)), Math.max(Math.fround(Math.max(0, from - radius)), Math.fround(value)));

test('the table holds every attack a protocol can name', () => {
  expect(Object.keys(attacks)).toEqual([...attackNames]);
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

const gradientNames: AttackName[] = ['fgsm', 'bim', 'mim', 'pgd', 'apgd-ce', 'apgd-dlr', 'apgd-t', 'ensemble'];
const fromTheImage: AttackName[] = ['fgsm', 'bim', 'mim'];

test.each(named.filter(([name]) => gradientNames.includes(name)))('%s: a gradient of zero moves nothing and is counted, one of NaN moves nothing', async (name, attack, plan) => {
  const given = await victims(3);
  const broken = linearEngine();
  broken.lossGradient = async (rows) => ({ logits: await linearEngine().logits(rows), dx: { data: new Float32Array(rows.x.data.length).fill(NaN), shape: rows.x.shape } });
  const [flat, undefinedAtAll] = [await attack(linearEngine({ scale: 0 }), given, plan), await attack(broken, given, plan)];
  expect(flat.flat).toEqual(Uint8Array.of(1, 1, 1));
  for (const found of [flat, undefinedAtAll]) {
    if (fromTheImage.includes(name)) expect(found.x.data).toEqual(given.x.data);
    else police(name, plan, given.x, found.x);
  }
});

test.each(named.filter(([name]) => name !== 'noise'))('%s: a model without finite logits yields examples in the ball', async (name, attack, plan) => {
  const given = await victims(2);
  const broken = { ...linearEngine(), logits: async ({ x }: Rows) => ({ data: new Float32Array(x.shape[0] * classes).fill(NaN), shape: [x.shape[0], classes] }) };
  police(name, plan, given.x, (await attack(broken, given, plan)).x);
});

describe.each([...named, ...inL2])('%s', (name, attack, plan) => {
  test('stays in the ball and in [0, 1], and leaves its input alone', async () => {
    const given = await victims(5);
    const before = given.x.data.slice();
    const { x } = await attack(linearEngine(), given, plan);
    expect(given.x.data).toEqual(before);
    expect(x.shape).toEqual([5, pixels]);
    police(name, plan, { data: before, shape: x.shape }, x);
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

  test('logits scaled by 30 are attacked no worse', async () => {
    if (name === 'noise') return;
    const given = await victims(20);
    const fooled = async (scale: number) => {
      const model = linearEngine({ scale });
      const { x } = await attack(model, given, { ...plan, epsilon: plan.epsilon * 3 });
      return predictions(await model.logits({ ...given, x, draw: { role: 'evaluate', restart: 0, step: 0 } })).filter((label, i) => label !== given.labels[i]).length;
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
