// Sum augmentation and mixup inference (spec 4.2, 4.3): the weights, who may be a partner, and draws by address.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import type { Rows } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { predictions } from '../../lib/tensor.ts';
import { average } from '../../lib/tta/average.ts';
import { policies } from '../../lib/tta/index.ts';
import { mixtures } from '../../lib/tta/mixtures.ts';
import type { Policy } from '../../lib/tta/policy.ts';
import { relativeError } from '../autodiff/run.ts';
import { images, pixels } from '../attacks/linear-engine.ts';
import { context, copiesOf, count, evaluate, smooth, train, watched } from './stage.ts';

type Answers = { cotangent: string; mixture: { partners: number[][]; logits: string; pullback: string } };
const referenceAnswers: Answers = JSON.parse(readFileSync(new URL('../reference/tta/tta.json', import.meta.url), 'utf8'));
const floats = (text: string) => new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);

const all = Array.from({ length: count }, (_, i) => i);
const same = (image: Float32Array, pixel: (q: number) => number) => image.every((value, q) => Math.abs(value - pixel(q)) < 1e-5);

/** The train image that copy - own * x is `other` times, for each copy of one row. */
async function partnersOf(policy: Policy, rows: Rows, own: number): Promise<number[]> {
  const { data, shape } = await copiesOf(policy, rows);
  return Array.from({ length: shape[0] }, (_, j) => {
    const partner = rows.x.data.map((value, q) => (data[j * pixels + q] - own * value) / (1 - own));
    const found = all.find((i) => same(partner, (q) => train.images[i * pixels + q] / 255));
    expect(found, `copy ${j} is no mixture of a train image at these weights`).toBeDefined();
    return found!;
  });
}

const row = (image: number): Rows => ({ ...images(1), image: Uint32Array.of(image), draw: evaluate });
const sorted = (partners: readonly number[]) => [...new Set(partners)].sort((a, b) => a - b);
describe('sum', () => {
  const many = policies.sum({ k: 2, ownWeight: 4, repetitions: 256 });

  test('mixes a test image with every train image, at the weights of spec 4.2', async () => {
    expect(sorted(await partnersOf(many, row(60_000), 4 / 5))).toEqual(all);
  });

  test('never makes a train image its own partner', async () => {
    for (const own of [0, count - 1]) expect(sorted(await partnersOf(many, row(own), 4 / 5))).toEqual(all.filter((i) => i !== own));
  });

  test('of k images holds k - 1 partners, each from a stream of its own', async () => {
    const rows = row(60_000);
    const { data } = await copiesOf(policies.sum({ k: 3, ownWeight: 1, repetitions: 1 }), rows);
    const partners = data.map((value, q) => 3 * value - rows.x.data[q]);
    const pairs = all.flatMap((a) => all.slice(a).map((b) => [a, b]));
    const found = pairs.filter(([a, b]) => same(partners, (q) => (train.images[a * pixels + q] + train.images[b * pixels + q]) / 255));
    expect(found).toHaveLength(1);
    expect(found[0][0]).not.toBe(found[0][1]);
  });
});

describe('mixup', () => {
  const mixup = (partners: 'predicted' | 'other') => policies.mixup({ partners, lambda: 0.6, repetitions: 256 });
  const named = async (rows: Rows) => predictions(await smooth().logits(rows))[0];

  test('with the predicted class draws every train image of it, and no other', async () => {
    const label = await named(row(60_000));
    expect(sorted(await partnersOf(mixup('predicted'), row(60_000), 0.6))).toEqual(all.filter((i) => train.labels[i] === label));
  });

  test('with another class draws every train image of the others', async () => {
    const label = await named(row(60_000));
    expect(sorted(await partnersOf(mixup('other'), row(60_000), 0.6))).toEqual(all.filter((i) => train.labels[i] !== label));
  });

  test('never makes a train image its own partner', async () => {
    const label = await named(row(0));
    const own = label + 10;
    expect(sorted(await partnersOf(mixup('predicted'), row(own), 0.6))).toEqual(all.filter((i) => train.labels[i] === label && i !== own));
    const other = (label + 1) % 10;
    expect(await partnersOf(mixup('other'), row(other), 0.6)).not.toContain(other);
  });

  test('of another class draws the class uniformly, however many images it has', async () => {
    const label = await named(row(60_000));
    const rare = (label + 3) % 10;
    const labels = train.labels.map((of) => (of === rare ? label : of)).with(0, rare).with(1, (label + 5) % 10);
    const seen: number[] = [];
    const { engine, shown } = watched(smooth());
    await mixup('other')(engine, { ...context, train: { ...train, labels } }).logits(row(60_000));
    const { data } = shown.at(-1)!.x;
    const x = row(60_000).x.data;
    for (let j = 0; j < 256; j++) if (Math.abs((data[j * pixels] - 0.6 * x[0]) / 0.4 - train.images[0] / 255) < 1e-5) seen.push(j);
    // One image stands for a ninth of the draws: 28 of 256, and hardly ever outside four standard deviations.
    expect(seen.length).toBeGreaterThan(8);
    expect(seen.length).toBeLessThan(49);
  });
});

test.each([
  ['sum', policies.sum({ k: 2, ownWeight: 1, repetitions: 2 })],
  ['mixup', policies.mixup({ partners: 'other', lambda: 0.5, repetitions: 2 })],
] as const)('%s draws by role, restart and step', async (_, policy) => {
  const averaged = policy(smooth(), context);
  const variants: Rows['draw'][] = [evaluate, { ...evaluate, role: 'attack' }, { ...evaluate, restart: 1 }, { ...evaluate, step: 1 }];
  const found = await Promise.all(variants.map(async (draw) => [...(await averaged.logits({ ...images(4), draw })).data].join()));
  expect(new Set(found).size).toBe(4);
  expect([...(await averaged.logits({ ...images(4), draw: evaluate })).data].join()).toBe(found[0]);
});

test('a mean over mixtures of the reference CNN is what PyTorch says', async () => {
  const { cotangent, mixture } = referenceAnswers;
  const dataset = await loadFashionMnist(await findFashionMnist());
  const engine = await openEngine(await readUpload([{ name: 'reference-cnn.onnx', bytes: await readBaseline('reference-cnn.onnx') }]));
  const x = { data: Float32Array.from(dataset.test.images.subarray(0, 2 * pixels), (value) => value / 255), shape: [2, pixels] };
  const plan = { count: mixture.partners.length, partners: 1, own: 0.8, other: 0.2 };
  // Partners are drawn copy by copy, row by row.
  const inOrder = mixture.partners.flat();
  const copies = mixtures({ ...context, train: dataset.train }, plan, () => () => inOrder.shift()!);
  const rows: Rows = { x, image: Uint32Array.of(60_000, 60_001), draw: evaluate };
  const { logits, dx } = await average(engine, copies).pullback!(rows, { data: floats(cotangent), shape: [2, 10] });
  expect(relativeError(logits.data, floats(mixture.logits))).toBeLessThan(1e-5);
  expect(relativeError(dx.data, floats(mixture.pullback))).toBeLessThan(1e-3);
  await engine.close();
});
