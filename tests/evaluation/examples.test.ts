// The adversarial examples that a trial keeps: by a fixed rule, among the open images, and without touching an outcome.
import { describe, expect, test } from 'vitest';
import type { Part } from '../../lib/evaluation/cell.ts';
import { evaluateTrial, type Context } from '../../lib/evaluation/evaluate.ts';
import { changesOf, deltaOf, examplesKept, openImages } from '../../lib/evaluation/examples.ts';
import { imageOrder } from '../../lib/evaluation/images.ts';
import { inputsOf } from '../../lib/evaluation/inputs.ts';
import { attackAndJudge } from '../../lib/evaluation/robustness.ts';
import { sidesOf } from '../../lib/evaluation/sides.ts';
import type { AttackTrial, Protocol, Trial } from '../../lib/evaluation/trial.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { keysFromSeed } from '../../lib/random.ts';
import { linearEngine, noSources } from '../attacks/linear-engine.ts';
import { dataset } from './dataset.ts';

const keys = keysFromSeed('ab');
const pgd = { kind: 'attack', attack: 'pgd', norm: 'linf', stepSize: 0.005, steps: 8, randomStart: true, restarts: 1, count: 'last' } as const;
const trials: Trial[] = [
  { kind: 'clean' },
  { ...pgd, epsilon: 0.02 },
  { ...pgd, epsilon: 1e-6 },
  { ...pgd, norm: 'l2', epsilon: 0.5, restarts: 2 },
  { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02, tta: { policy: 'hflip', mode: 'transfer', attackDraws: 8 } },
];
const protocol: Protocol = { name: 'examples', images: { split: 'test', size: 256 }, trials };
const context: Context = { dataset, keys, protocol };
const attacks = trials.filter((trial): trial is AttackTrial => trial.kind === 'attack');
const bit = ({ correctBits }: Part, position: number) => (correctBits[position >> 3] >> (position & 7)) & 1;

async function partsOf(trial: Trial, batchSize = 32): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of evaluateTrial(linearEngine({ fused: true, batchSize }), trial, { start: 0, end: 256 }, context)) parts.push(part);
  return parts;
}

test('only attacks keep any', async () => {
  expect((await partsOf(trials[0])).map(({ examples }) => examples)).toEqual([undefined]);
});

describe.each(attacks.map((trial) => [trialId(trial), trial] as const))('%s', (_, trial) => {
  test('four of the open images that the model was right about, those that fell before those that stood', async () => {
    const [first, ...rest] = await partsOf(trial);
    expect(rest.every(({ examples }) => examples === undefined)).toBe(true);
    const [clean] = await partsOf({ kind: 'clean', tta: trial.tta && { policy: 'hflip' } });
    const attacked = Array.from({ length: openImages }, (__, position) => position).filter((position) => bit(clean, position));
    const fell = attacked.filter((position) => !bit(first, position));
    const wanted = [...fell, ...attacked.filter((position) => bit(first, position))].slice(0, examplesKept).sort((a, b) => a - b);
    expect(first.examples!.map(({ position }) => position)).toEqual(wanted);
    expect(first.examples!.map(({ prediction }) => prediction)).toEqual(wanted.map((position) => first.predictions[position]));
  });

  test('they are what was judged: within the budget, and the model says the same of them', async () => {
    const [{ examples, predictions }] = await partsOf(trial);
    const { test: pool } = dataset;
    const order = imageOrder(pool, protocol.images, keys);
    const { x, image, labels } = inputsOf(trial, order.subarray(0, openImages), pool, keys);
    const engine = linearEngine();
    for (const { position, peak, delta } of examples!) {
      const changes = changesOf({ peak, delta });
      if (trial.norm === 'linf') expect(peak).toBeLessThanOrEqual(trial.epsilon + 1e-6);
      const data = Float32Array.from(changes, (change, q) => x.data[position * 784 + q] + change);
      expect(data.every((value) => value > -peak / 127 && value < 1 + peak / 127)).toBe(true);
      if (trial.tta || trial.epsilon < 0.01) continue;
      const shown = { x: { data, shape: [1, 784] }, image: image.subarray(position, position + 1), labels: labels.subarray(position, position + 1) };
      const [verdict] = await sidesOf(engine, { kind: 'clean' }, { train: dataset.train, key: () => [0, 0] }).judge(shown);
      expect(verdict.prediction).toBe(predictions[position]);
    }
  });

  test('the same whatever the batches', async () => {
    expect((await partsOf(trial, 7))[0].examples).toEqual((await partsOf(trial))[0].examples);
  });
});

test('an ill-informed attack keeps what stood', async () => {
  const [{ examples, ...part }] = await partsOf(attacks[1]);
  expect(examples).toHaveLength(examplesKept);
  expect(examples!.every(({ position }) => bit(part, position) === 1)).toBe(true);
});

test('keeping examples changes no verdict', async () => {
  const sources = { ...noSources, startKey: () => [1, 2] as const };
  const pool = dataset.test;
  const inputs = inputsOf(attacks[0], imageOrder(pool, protocol.images, keys).subarray(0, 64), pool, keys);
  const engine = linearEngine({ fused: true, batchSize: 64 });
  const sides = sidesOf(engine, { kind: 'clean' }, { train: dataset.train, key: () => [0, 0] });
  const [without, kept] = [await attackAndJudge(sides, attacks[0], inputs, sources), await attackAndJudge(sides, attacks[0], inputs, sources, 20)];
  expect({ ...kept, adversarial: null }).toEqual({ ...without, adversarial: null });
  expect(without.adversarial.size).toBe(0);
  expect([...kept.adversarial.keys()].every((row) => row < 20)).toBe(true);
});

test('a change survives as its peak and signed bytes', () => {
  const original = Float32Array.of(0.5, 0.5, 0.5, 0.5);
  const { peak, delta } = deltaOf(original, Float32Array.of(0.5, 0.6, 0.3, 0.55));
  expect(peak).toBeCloseTo(0.2, 6);
  expect([...new Int8Array(delta)]).toEqual([0, 64, -127, 32]);
  for (const [i, change] of [0, 0.1, -0.2, 0.05].entries()) expect(Math.abs(changesOf({ peak, delta })[i] - change)).toBeLessThanOrEqual(peak / 254 + 1e-6);
  expect(deltaOf(original, original)).toEqual({ peak: 0, delta: new Uint8Array(4) });
});
