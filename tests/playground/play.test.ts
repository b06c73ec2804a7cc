// What the playground shows is what an evaluation counts: the same perturbed bytes, the same examples, the same verdicts.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../lib/engines/engine.ts';
import { openOnnxRuntime } from '../../lib/engines/onnxruntime.ts';
import { evaluateTrial } from '../../lib/evaluation/evaluate.ts';
import { attackNames, type Protocol, type Trial, type Tta } from '../../lib/evaluation/trial.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { kinds } from '../../lib/perturbations/index.ts';
import { perturbImage } from '../../lib/perturbations/perturb.ts';
import { playgroundPool, trainingImage } from '../../lib/playground/images.ts';
import { openModel } from '../../lib/playground/open.ts';
import { play, playgroundSeed } from '../../lib/playground/play.ts';
import { attackTrial, naturalTrial, type Setting } from '../../lib/playground/setting.ts';
import { Superseded } from '../../lib/playground/watched.ts';
import { keysFromSeed } from '../../lib/random.ts';
import { argmax } from '../../lib/tensor.ts';
import { relativeError } from '../autodiff/run.ts';

const keys = keysFromSeed(playgroundSeed);
const pool = playgroundPool();
const dataset = { train: pool, test: pool, directory: '' };
const images = 4;
const plain: Setting = { picture: { index: 0 }, perturbation: null, attack: null, tta: null, mode: 'transfer' };
const sum: Tta = { policy: 'sum', k: 2, ownWeight: 4, repetitions: 4 };

let engine: Engine;
let witness: Engine;
const reference = async () => engine;

beforeAll(async () => {
  const files = [{ name: 'cnn.onnx', bytes: new Uint8Array(await readFile('lib/baselines/reference-cnn.onnx')) }];
  engine = (await openModel(files)).engine;
  witness = await openOnnxRuntime(await readUpload(files));
});
afterAll(async () => {
  await engine.close();
  await witness.close();
});

/** What an evaluation on Node's engine says of the first images. */
async function predictionsOf(trial: Trial): Promise<number[]> {
  const protocol: Protocol = { name: 'test', images: { split: 'train', first: images }, trials: [trial] };
  const predictions: number[] = [];
  const context = { dataset, keys, protocol, reference: async () => witness };
  for await (const part of evaluateTrial(witness, trial, { start: 0, end: images }, context)) predictions.push(...part.predictions);
  return predictions;
}

test.each(kinds)('%s: the very bytes of an evaluation', async (kind) => {
  const severity = 4;
  const { levels } = trainingImage(7);
  const wanted = new Uint8Array(784);
  perturbImage(kind, severity, levels, 7, `${kind}/${severity}`, keys, wanted, pool);
  const { perturbed, original } = await play(engine, { ...plain, picture: { index: 7 }, perturbation: { kind, severity } }, reference);
  expect(perturbed.x).toEqual(Float32Array.from(wanted, (level) => Math.fround(level / 255)));
  expect(original.x).toEqual(Float32Array.from(levels, (level) => Math.fround(level / 255)));
});

describe.each([null, { policy: 'shift' }, sum, { policy: 'mixup', partners: 'predicted', lambda: 0.5, repetitions: 3 }] as (Tta | null)[])('under %o', (tta) => {
  test('a perturbed picture is answered as in an evaluation', async () => {
    const perturbation = { kind: 'rotate', severity: 3 };
    const wanted = await predictionsOf(naturalTrial({ perturbation, tta }));
    for (let index = 0; index < images; index++) {
      const { perturbed, copies, label } = await play(engine, { ...plain, picture: { index }, perturbation, tta }, reference);
      expect(argmax(perturbed.logits, 0, 10)).toBe(wanted[index]);
      expect(label).toBe(pool.labels[index]);
      expect(copies === null).toBe(tta === null);
      if (copies) expect(copies.mean).toEqual(perturbed.logits);
    }
  });
});

describe.each(attackNames)('%s', (attack) => {
  const steps = 10;
  const setting = { ...plain, attack: { attack, norm: 'linf' as const, epsilon: 0.05, steps } };
  test('ends where an evaluation ends, and shows the way', async () => {
    const trial = attackTrial(setting.attack, null, 'transfer');
    const wanted = await predictionsOf(trial);
    for (let index = 0; index < images; index++) {
      const { attacked, perturbed } = await play(engine, { ...setting, picture: { index } }, reference);
      expect(argmax(attacked!.found.logits, 0, 10)).toBe(wanted[index]);
      const distance = Math.max(...attacked!.found.x.map((value, i) => Math.abs(value - perturbed.x[i])));
      expect(distance).toBeLessThanOrEqual(0.05 + 1e-6);
      expect(attacked!.fooled).toBe(wanted[index] !== pool.labels[index] && !attacked!.wrongBefore);
      if (!attacked!.wrongBefore && attack !== 'noise') expect(attacked!.frames.length).toBeGreaterThan(0);
      expect(attacked!.looks).toBeGreaterThanOrEqual(attacked!.frames.length);
    }
  });
});

test('an attack on a policy knows what it is said to know', async () => {
  const wanted = await predictionsOf(attackTrial({ attack: 'pgd', norm: 'linf', epsilon: 0.05, steps: 5 }, sum, 'known'));
  const { attacked, copies } = await play(engine, { ...plain, attack: { attack: 'pgd', norm: 'linf', epsilon: 0.05, steps: 5 }, tta: sum, mode: 'known' }, reference);
  expect(argmax(attacked!.found.logits, 0, 10)).toBe(wanted[0]);
  expect(copies!.each).toHaveLength(4);
});

test('steps are those of the protocol gauntlet-v1', () => {
  const ids = new Set(protocols['gauntlet-v1'].trials.map((trial) => trialId({ ...trial, images: undefined } as Trial)));
  const own = (attack: (typeof attackNames)[number], steps: number, norm: 'linf' | 'l2' = 'linf', epsilon = 0.1) =>
    trialId(attackTrial({ attack, norm, epsilon, steps }, null, 'transfer'));
  for (const id of [own('fgsm', 1), own('bim', 10), own('mim', 10), own('pgd', 40), own('pgd', 40, 'l2', 0.5)]) expect(ids).toContain(id);
});

test('one image is the same for both engines, gradient for gradient', async () => {
  const setting = { ...plain, attack: { attack: 'pgd' as const, norm: 'linf' as const, epsilon: 0.02, steps: 10 } };
  const [here, there] = [await play(engine, setting, reference), await play(witness, setting, reference)];
  expect(relativeError(here.perturbed.logits, there.perturbed.logits)).toBeLessThan(1e-5);
  expect(relativeError(here.attacked!.found.x, there.attacked!.found.x)).toBeLessThan(1e-3);
  expect(relativeError(here.attacked!.found.logits, there.attacked!.found.logits)).toBeLessThan(0.05);
});

test('what nobody waits for any more ends', async () => {
  const long: Setting = { ...plain, picture: { index: 1 }, attack: { attack: 'square', norm: 'linf', epsilon: 0.001, steps: 5000 } };
  await expect(play(engine, long, reference, () => true)).rejects.toThrow(Superseded);
});

test('a picture of one\'s own takes its partners from the training images', async () => {
  const levels = trainingImage(3).levels.slice().reverse();
  const { perturbed, label } = await play(engine, { ...plain, picture: { levels, label: 5 }, perturbation: { kind: 'mixup', severity: 2 } }, reference);
  expect(label).toBe(5);
  expect(perturbed.x).not.toEqual(Float32Array.from(levels, (level) => Math.fround(level / 255)));
});
