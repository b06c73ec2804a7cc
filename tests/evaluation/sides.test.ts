// Who is attacked and who judges under a policy (spec 2.9): with which copies, and with which draws.
import { describe, expect, test } from 'vitest';
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import { assemble, type Cell, type Part } from '../../lib/evaluation/cell.ts';
import { evaluateTrial } from '../../lib/evaluation/evaluate.ts';
import { drawSetsOf, passesPerImage } from '../../lib/evaluation/parts.ts';
import { sidesOf } from '../../lib/evaluation/sides.ts';
import type { AttackTrial, AttackTta, Protocol, Trial } from '../../lib/evaluation/trial.ts';
import { imageCount } from '../../lib/evaluation/trial-id.ts';
import { deriveKey, keysFromSeed, type Role } from '../../lib/random.ts';
import { images as noiseImages, linearEngine, type Seen } from '../attacks/linear-engine.ts';
import { dataset } from './dataset.ts';

const sum = { policy: 'sum', k: 2, ownWeight: 4, repetitions: 6 } as const;
const knowing = (mode: AttackTta['mode'], attackDraws = 3) => ({ mode, attackDraws });
const steps = 5;
const bim: AttackTrial = { kind: 'attack', attack: 'bim', norm: 'linf', epsilon: 0.02, stepSize: 0.005, steps, count: 'last' };
const protocol: Protocol = { name: 'small', images: { split: 'test', size: 100 }, trials: [bim] };

async function cellOf(trial: Trial, engine: Engine = linearEngine()): Promise<Cell> {
  const parts: Part[] = [];
  const total = imageCount(protocol, trial);
  const context = { dataset, keys: keysFromSeed('ab'), protocol };
  for await (const part of evaluateTrial(engine, trial, { start: 0, end: total }, context)) parts.push(part);
  return assemble(parts, total)!;
}

const { train } = dataset;
const context = { train, key: (role: Role) => deriveKey('', 'tta', 'test', role) };
const sides = (tta: AttackTta, engine: Engine) => sidesOf(engine, { ...bim, tta } as Trial, context);
const rows = (draw: Rows['draw']): Rows => ({ ...noiseImages(2), draw });
const attackAt = (step: number) => ({ role: 'attack', restart: 0, step }) as const;
const judgedWith = { role: 'evaluate', restart: 0, step: 0 } as const;

/** What an engine answers to the same question at two steps of an attack, and with the evaluation's own draws. */
async function answers(engine: Engine): Promise<{ first: string; second: string; evaluation: string }> {
  const at = async (draw: Rows['draw']) => (await engine.logits(rows(draw))).data.join();
  return { first: await at(attackAt(0)), second: await at(attackAt(1)), evaluation: await at(judgedWith) };
}

describe('the attacked', () => {
  test('is the bare model in a transferred attack', () => {
    const engine = linearEngine();
    expect(sides({ ...sum, ...knowing('transfer') }, engine).attacked).toBe(engine);
  });

  test('averages over draws of its own, new ones at every step, as many as the attack is given', async () => {
    const seen: Seen[] = [];
    const { first, second, evaluation } = await answers(sides({ ...sum, ...knowing('eot') }, linearEngine({ seen })).attacked);
    expect(new Set([first, second, evaluation]).size).toBe(3);
    expect(seen.map((run) => run.rows)).toEqual([6, 6, 6]);
  });

  test('that is known averages over the draws that judge, whatever the step', async () => {
    const { attacked, judge } = sides({ ...sum, ...knowing('known') }, linearEngine());
    const { first, second, evaluation } = await answers(attacked);
    expect([first, second]).toEqual([evaluation, evaluation]);
    const labels = Uint8Array.of(0, 0);
    const judged: Rows[] = [];
    const spy: Engine = { ...linearEngine(), logits: (given) => (judged.push(given), linearEngine().logits(given)) };
    await sides({ ...sum, ...knowing('known') }, spy).judge({ ...noiseImages(2), labels });
    await sides({ ...sum, ...knowing('known') }, spy).attacked.logits(rows(attackAt(3)));
    expect(judged[1].x).toEqual(judged[0].x);
    expect((await judge({ ...noiseImages(2), labels })).map(({ rightByDraw }) => rightByDraw.length)).toEqual([1, 1]);
  });

  test('offers a gradient and no steps inside a graph', () => {
    const fused: Engine = { ...linearEngine({ fused: true }), signSteps: () => Promise.reject(new Error('unused')) };
    for (const mode of ['eot', 'known'] as const) {
      for (const policy of [sum, { policy: 'shift' } as const]) {
        const { attacked } = sides({ ...policy, ...knowing(mode) }, fused);
        expect(attacked.signSteps).toBeUndefined();
        expect(attacked.lossGradient).toBeDefined();
      }
    }
    expect(sides({ ...sum, ...knowing('known') }, linearEngine({ gradient: false })).attacked.pullback).toBeUndefined();
  });
});

test('a deterministic policy has no draws to know: both attacks on it are one', async () => {
  for (const policy of ['hflip', 'shift', 'rot', 'rot90', 'd4'] as const) {
    const images = { split: 'test', first: 20 } as const;
    const cell = (mode: AttackTta['mode']) => cellOf({ ...bim, images, tta: { policy, ...knowing(mode) } } as Trial);
    const { trialId: _, seconds: __, ...found } = await cell('eot');
    const known = await cell('known');
    expect(known).toMatchObject(found);
  }
});

test('an attack that knows more finds more, and one on the policy more than one on the model', async () => {
  const gentle = { ...bim, epsilon: 0.004, stepSize: 0.001 };
  const tta = { ...sum, ownWeight: 1 };
  const right = async (mode: AttackTta['mode']) => (await cellOf({ ...gentle, tta: { ...tta, ...knowing(mode) } } as Trial)).correct;
  const [transfer, eot, known] = [await right('transfer'), await right('eot'), await right('known')];
  expect(known).toBeLessThan(transfer);
  expect(eot).toBeLessThanOrEqual(transfer);
  expect(known).toBeGreaterThan(0);
});

test('the attacked images are those that most of the judge\'s draw sets get right', async () => {
  const tta = { ...sum, ownWeight: 1 };
  const unharmed = { ...bim, epsilon: 1e-9, stepSize: 1e-9 };
  const natural = await cellOf({ kind: 'clean', tta });
  const attacked = await cellOf({ ...unharmed, tta: { ...tta, ...knowing('transfer') } } as Trial);
  expect(natural.diagnostics.correctByDraw).toHaveLength(3);
  expect(natural.diagnostics.correctByDraw![0]).toBe(natural.correct);
  expect(new Set(natural.diagnostics.correctByDraw).size).toBeGreaterThan(1);
  expect(attacked.diagnostics.correctByDraw).toHaveLength(5);
  expect(Math.max(...attacked.diagnostics.correctByDraw!)).toBeLessThanOrEqual(attacked.correct);
});

describe('costs', () => {
  const cost = (tta: object, kind: object = bim) => passesPerImage({ ...kind, tta } as Trial);

  test('count every draw set', () => {
    expect(cost(sum, { kind: 'mixed' })).toBe(3 * 6);
    expect(cost({ policy: 'mixup', partners: 'other', lambda: 0.5, repetitions: 6 }, { kind: 'clean' })).toBe(3 * 7);
    expect(cost({ policy: 'shift' }, { kind: 'clean' })).toBe(9);
  });

  test.each([
    ['transfer', 2 * 5 * 6 + steps * 3],
    ['eot', 2 * 5 * 6 + steps * 4 * 3],
    ['known', 2 * 6 + steps * 4 * 6],
  ] as const)('of %s', async (mode, passes) => {
    const tta = { ...sum, ...knowing(mode) };
    expect(cost(tta)).toBe(passes);
    // An engine with gradients in one run, a gradient counted as three passes: what an image that never falls really costs.
    const seen: Seen[] = [];
    let gradients = 0;
    const engine = linearEngine({ seen, fused: true });
    const counted: Engine = {
      ...engine,
      pullback: (given, d) => ((gradients += given.image.length), engine.pullback!(given, d)),
      lossGradient: (given, ...rest) => ((gradients += given.image.length), engine.lossGradient!(given, ...rest)),
    };
    const trial = { ...bim, epsilon: 1e-9, stepSize: 1e-9, images: { split: 'test', first: 7 }, tta } as Trial;
    const robust = (await cellOf(trial, counted)).correct;
    const total = seen.reduce((rowsSoFar, run) => rowsSoFar + run.rows, 0) + 2 * gradients;
    const judging = drawSetsOf(trial) * 6;
    expect(total).toBe(7 * judging + robust * (passes - judging));
  });
});
