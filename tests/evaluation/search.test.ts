// Trials of the adaptive attacks through the harness, on a linear model whose worst case is known in closed form.
import { describe, expect, test } from 'vitest';
import { type DerivedKey, keysFromList } from '../../lib/derived-keys.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { assemble, type Cell, type Part } from '../../lib/evaluation/cell.ts';
import { evaluate, evaluateTrial } from '../../lib/evaluation/evaluate.ts';
import { inputsOf } from '../../lib/evaluation/inputs.ts';
import { partSize } from '../../lib/evaluation/parts.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { police } from '../../lib/evaluation/robustness.ts';
import { keysNeeded } from '../../lib/evaluation/shards.ts';
import type { AttackTrial } from '../../lib/evaluation/trial.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { keysFromSeed } from '../../lib/random.ts';
import { classes, linearEngine, pixels, weights } from '../attacks/linear-engine.ts';
import { dataset } from './dataset.ts';

const images = 96;
const epsilon = 0.005;
const keys = keysFromSeed('ab');
const linf = { kind: 'attack', norm: 'linf', epsilon } as const;
const l2 = { kind: 'attack', norm: 'l2', epsilon: 0.08 } as const;
const protocol = parseProtocol({
  name: 'searches',
  images: { split: 'test', first: images },
  trials: [
    { ...linf, attack: 'fgsm' },
    { ...linf, attack: 'apgd-ce', steps: 20 },
    { ...linf, attack: 'apgd-dlr', steps: 20, restarts: 2 },
    { ...linf, attack: 'apgd-t', steps: 20, targets: 9 },
    { ...linf, attack: 'square', queries: 100 },
    { ...linf, attack: 'ensemble', steps: 20, targets: 9, queries: 20 },
    { ...linf, attack: 'noise' },
    { ...linf, attack: 'transfer', stepSize: epsilon / 4, steps: 10 },
    { ...l2, attack: 'pgd', stepSize: 0.02, steps: 20, restarts: 2, count: 'any', loss: 'margin' },
    { ...l2, attack: 'apgd-t', steps: 20, targets: 9 },
  ],
});
const trials = protocol.trials as AttackTrial[];
const named = (attack: string, norm = 'linf') => trials.find((trial) => trial.attack === attack && trial.norm === norm)!;

async function cellOf(trial: AttackTrial, engine: Engine = linearEngine({ fused: true }), source = keys, size = images): Promise<Cell> {
  const parts: Part[] = [];
  for (let start = 0; start < images; start += size) {
    const range = { start, end: Math.min(images, start + size) };
    const context = { dataset, protocol, keys: source, reference: async () => linearEngine({ scale: 0.5 }) };
    for await (const part of evaluateTrial(engine, trial, range, context)) parts.push(part);
  }
  return assemble(parts, images)!;
}

const cells = new Map<AttackTrial, Promise<Cell>>();
/** All images together, once. */
function together(trial: AttackTrial): Promise<Cell> {
  if (!cells.has(trial)) cells.set(trial, cellOf(trial));
  return cells.get(trial)!;
}

const isRight = ({ correctBits }: Cell, i: number) => ((correctBits[i >> 3] >> (i & 7)) & 1) === 1;
const withoutTime = ({ seconds: _, ...rest }: Cell) => rest;

/** Whether the linear model gets an image right wherever it is moved in the L-infinity ball. */
function robust(x: Float32Array, label: number): boolean {
  return Array.from({ length: classes }, (_, target) => target).every((target) => {
    if (target === label) return true;
    let margin = 0;
    for (let q = 0; q < pixels; q++) {
      const slope = weights[label * pixels + q] - weights[target * pixels + q];
      margin += slope * Math.min(1, Math.max(0, x[q] - epsilon * Math.sign(slope)));
    }
    return margin > 0;
  });
}

describe.each(trials.map((trial) => [trialId(trial), trial] as const))('%s', (_, trial) => {
  test('images attacked part by part, in other batches and with the keys of keysNeeded, fare as all together', async () => {
    const held = keysFromList(keysNeeded(protocol, trial).map((needed): DerivedKey => {
      const [low, high] = keys(needed.purpose, needed.trialId, needed.role);
      return { ...needed, key: [low, high] };
    }));
    const whole = await together(trial);
    const apart = await cellOf(trial, linearEngine({ fused: true, batchSize: 7 }), held, partSize(trial));
    expect(withoutTime(apart)).toEqual(withoutTime(whole));
    const { fooledByRound, zeroGradients } = whole.diagnostics;
    const clean = (await cellOf({ ...named('noise'), epsilon: 1e-9 })).correct;
    expect(fooledByRound!.reduce((sum, fooled) => sum + fooled, 0)).toBe(clean - whole.correct);
    expect(zeroGradients).toBe(0);
  });
});

test('the ensemble finds the worst case of the closed form, and no attack finds more', async () => {
  const { x, labels } = inputsOf({ kind: 'clean' }, Uint32Array.from({ length: images }, (_, i) => i), dataset.test, keys);
  const worst = Array.from(labels, (label, i) => robust(x.data.subarray(i * pixels, (i + 1) * pixels), label));
  const count = worst.filter(Boolean).length;
  expect(count).toBeGreaterThan(20);
  expect(count).toBeLessThan(70);
  for (const trial of trials.filter(({ norm }) => norm === 'linf')) {
    const cell = await together(trial);
    worst.forEach((right, i) => right && expect(isRight(cell, i), `${trial.attack}, image ${i}`).toBe(true));
    if (trial.attack === 'ensemble' || trial.attack === 'apgd-t') expect(cell.correct).toBe(count);
  }
});

test('what searches harder finds more', async () => {
  const correct = async (attack: string) => (await together(named(attack))).correct;
  const [fgsm, ce, ensemble, square, noise] = await Promise.all(['fgsm', 'apgd-ce', 'ensemble', 'square', 'noise'].map(correct));
  expect(ce).toBeLessThanOrEqual(fgsm);
  expect(ensemble).toBeLessThanOrEqual(ce);
  expect(square).toBeGreaterThan(ensemble);
  expect(noise).toBeGreaterThan(square);
  const more = await cellOf({ ...named('square'), queries: 300 } as AttackTrial);
  expect(more.correct).toBeLessThan(square);
});

test('the ensemble has a round for each stage, and Square alone where the model has no gradient', async () => {
  const whole = await together(named('ensemble'));
  expect(whole.diagnostics.fooledByRound).toHaveLength(11);
  expect(whole.diagnostics.fooledByRound![0]).toBeGreaterThan(10);
  const blind = linearEngine({ gradient: false });
  const alone = await cellOf(named('ensemble'), blind);
  expect(alone.diagnostics.fooledByRound).toHaveLength(1);
  expect(alone.correct).toBeGreaterThan(whole.correct);
  const without = parseProtocol({ ...protocol, images: { split: 'test', first: 32 } });
  const run: string[] = [];
  const context = { dataset, keys, reference: async () => linearEngine() };
  for await (const { trialId: id } of evaluate(blind, without, context)) run.push(id.split('/')[0]);
  expect(run).toEqual(['square', 'ensemble', 'noise', 'transfer']);
});

describe('police in L2', () => {
  const original = { data: Float32Array.of(0.5, 0.5, 0.9, 0.9), shape: [2, 2] };
  const at = (...values: number[]) => () => police('pgd', { norm: 'l2', epsilon: 0.1 }, original, { data: Float32Array.from(values), shape: [2, 2] });
  test('each image has a radius of its own', () => {
    expect(at(0.56, 0.58, 0.9, 1)).not.toThrow();
    expect(at(0.57, 0.58, 0.9, 0.9)).toThrow('left its budget');
    expect(at(0.5, 0.5, 0.83, 0.82)).toThrow('left its budget');
    expect(at(0.5, 0.5, 0.95, 1.01)).toThrow('left its budget');
    expect(at(0.5, 0.5, NaN, 0.9)).toThrow('left its budget');
  });
});

test('transfer wants the reference CNN at hand', async () => {
  const run = evaluateTrial(linearEngine(), named('transfer'), { start: 0, end: images }, { dataset, protocol, keys });
  await expect(run.next()).rejects.toThrow('reference CNN');
});
