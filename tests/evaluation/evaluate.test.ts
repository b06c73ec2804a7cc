// The harness on a linear model: parts, trials, restarts, policing, and the same bits whoever runs what.
import { describe, expect, test, vi } from 'vitest';
import type { Sources } from '../../lib/attacks/attack.ts';
import { attacks } from '../../lib/attacks/index.ts';
import { type DerivedKey, keysFromList } from '../../lib/derived-keys.ts';
import type { Draw, Engine } from '../../lib/engines/engine.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import { assemble, type Cell, type Part } from '../../lib/evaluation/cell.ts';
import { evaluate, evaluateTrial, type Context, type Range } from '../../lib/evaluation/evaluate.ts';
import { partSize, passesPerImage } from '../../lib/evaluation/parts.ts';
import type { Inputs } from '../../lib/evaluation/inputs.ts';
import { attackAndJudge, police, type Sides } from '../../lib/evaluation/robustness.ts';
import { keysNeeded } from '../../lib/evaluation/shards.ts';
import { type AttackTrial, type Protocol, type Trial } from '../../lib/evaluation/trial.ts';
import { imageCount, trialId } from '../../lib/evaluation/trial-id.ts';
import { judge, judgeByMajority, judgeWithSpread } from '../../lib/evaluation/verdict.ts';
import { keysFromSeed } from '../../lib/random.ts';
import { predictions } from '../../lib/tensor.ts';
import { images, linearEngine, type Seen } from '../attacks/linear-engine.ts';
import { dataset } from './dataset.ts';

const keys = keysFromSeed('ab');
const sum = { policy: 'sum', k: 2, ownWeight: 4, repetitions: 4 } as const;
const attack: AttackTrial = {
  kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.02, stepSize: 0.005, steps: 8, randomStart: true, restarts: 1, count: 'last',
};
const protocol: Protocol = {
  name: 'small',
  images: { split: 'test', size: 200 },
  trials: [
    attack,
    { kind: 'mixed', tta: sum },
    { kind: 'clean' },
    { kind: 'perturbation', perturbation: 'rotate', severity: 3 },
    { kind: 'mixed' },
    { kind: 'clean', tta: { policy: 'shift' }, images: { split: 'train', first: 30 } },
    { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02, tta: { ...sum, mode: 'eot', attackDraws: 4 } },
    { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02, tta: { ...sum, mode: 'known', attackDraws: 8 } },
    { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02, tta: { policy: 'hflip', mode: 'transfer', attackDraws: 8 } },
  ],
};
const context: Context = { dataset, keys, protocol };

async function all(parts: AsyncGenerator<Part>): Promise<Part[]> {
  const found: Part[] = [];
  for await (const part of parts) found.push(part);
  return found;
}

async function cellOf(trial: Trial, engine: Engine = linearEngine({ fused: true }), over: Partial<Context> = {}, range?: Range): Promise<Cell> {
  const total = imageCount(protocol, trial);
  return assemble(await all(evaluateTrial(engine, trial, range ?? { start: 0, end: total }, { ...context, ...over })), total)!;
}

/** An engine whose logits are told, row by row, for each draw. */
function answering(rowsAt: (draw: Draw) => number[][]): Engine {
  return { ...linearEngine(), logits: async ({ draw }) => ({ data: Float32Array.from(rowsAt(draw).flat()), shape: [rowsAt(draw).length, 10] }) };
}

/** The key itself, as a worker is given it. */
function handedOut({ purpose, trialId, role }: ReturnType<typeof keysNeeded>[number]): DerivedKey {
  const [low, high] = keys(purpose, trialId, role);
  return { purpose, trialId, role, key: [low, high] };
}

const withoutTime = ({ seconds: _, ...rest }: Part | Cell) => rest;

test('clean accuracy is what the labels say', async () => {
  const cell = await cellOf({ kind: 'clean', images: { split: 'test', first: 200 } });
  // Every eighth label was made wrong.
  expect(cell).toMatchObject({ total: 200, correct: 175, engine: 'linear', device: 'cpu' });
  expect(cell.correctBits[0]).toBe(0b11111110);
  expect(cell.confusion.reduce((a, b) => a + b)).toBe(200);
  expect(Array.from({ length: 10 }, (_, c) => cell.confusion[c * 11]).reduce((a, b) => a + b)).toBe(175);
});

test('the images of a trial are the same with and without TTA', async () => {
  const shown: Float32Array[] = [];
  const spy = (engine: Engine): Engine => ({ ...engine, logits: (rows) => (shown.push(rows.x.data.slice()), engine.logits(rows)) });
  await cellOf({ kind: 'mixed' }, spy(linearEngine({ batchSize: 200 })));
  const [bare] = shown.splice(0);
  // With a huge weight of its own, a sum is the image itself.
  await cellOf({ kind: 'mixed', tta: { policy: 'sum', k: 2, ownWeight: 64, repetitions: 1 } }, spy(linearEngine({ batchSize: 200 })));
  const largest = shown[0].reduce((most, value, i) => Math.max(most, Math.abs(value - bare[i])), 0);
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThan(1 / 65);
});

describe.each(protocol.trials.map((trial) => [trialId(trial), trial] as const))('%s', (id, trial) => {
  test('twice gives the same bits, whatever the batch size, with no more keys than keysNeeded', async () => {
    const held = keysFromList(keysNeeded(protocol, trial).map(handedOut));
    const first = await cellOf(trial);
    const second = await cellOf(trial, linearEngine({ fused: true, batchSize: 7 }), { keys: held });
    expect(withoutTime(second)).toEqual(withoutTime(first));
    expect(first.trialId).toBe(id);
  });

  test('parts have fixed boundaries, and a range of whole parts gives exactly those', async () => {
    const total = imageCount(protocol, trial);
    const size = partSize(trial);
    const parts = await all(evaluateTrial(linearEngine({ fused: true }), trial, { start: 0, end: total }, context));
    expect(parts.map(({ start, end }) => [start, end])).toEqual(
      Array.from({ length: Math.ceil(total / size) }, (_, i) => [i * size, Math.min(total, (i + 1) * size)]),
    );
    if (parts.length > 1) {
      const [again] = await all(evaluateTrial(linearEngine({ fused: true }), trial, { start: size, end: parts[1].end }, context));
      expect(withoutTime(again)).toEqual(withoutTime(parts[1]));
    }
    await expect(all(evaluateTrial(linearEngine(), trial, { start: 1, end: total }, context))).rejects.toThrow('cut a part');
  });
});

test('a whole protocol comes most wanted first, without attacks where there is no gradient', async () => {
  const idsOf = async (gradient: boolean) =>
    [...new Set((await all(evaluate(linearEngine({ gradient }), protocol, { dataset, keys }))).map((part) => part.trialId))];
  const rest = ['clean', 'rotate/3'];
  expect(await idsOf(true)).toEqual([
    'mixed', ...rest, 'pgd/linf/0.02/0.005x8/random/restarts1/last', 'mixed+sum-k2-a4-n4', 'clean+shift@train-first-30',
    'fgsm/linf/0.02+sum-k2-a4-n4-eot4', 'fgsm/linf/0.02+sum-k2-a4-n4-known', 'fgsm/linf/0.02+hflip-transfer',
  ]);
  expect(await idsOf(false)).toEqual(['mixed', ...rest, 'mixed+sum-k2-a4-n4', 'clean+shift@train-first-30']);
});

test('an attack only costs: robust images were right, wrong ones are not attacked', async () => {
  const clean = await cellOf({ kind: 'clean' });
  const seen: Seen[] = [];
  const robust = await cellOf(attack, linearEngine({ fused: true, seen }));
  expect(robust.correct).toBeLessThan(clean.correct);
  robust.correctBits.forEach((byte, i) => expect(byte & ~clean.correctBits[i]).toBe(0));
  const attacked = seen.filter(({ draw }) => draw.role === 'attack' && draw.step === 0).reduce((rows, run) => rows + run.rows, 0);
  expect(attacked).toBe(clean.correct);
});

test('more restarts never help the model, and an image is robust only to each of them', async () => {
  const one = await cellOf(attack);
  const three = await cellOf({ ...attack, restarts: 3 } as AttackTrial);
  const any = await cellOf({ ...attack, restarts: 3, count: 'any' } as AttackTrial);
  expect(three.correct).toBeLessThanOrEqual(one.correct);
  expect(any.correct).toBeLessThanOrEqual(three.correct);
});

test('an attack on an engine without a gradient is refused', async () => {
  await expect(cellOf(attack, linearEngine({ gradient: false }))).rejects.toThrow('input gradient');
});

describe('the harness trusts no attack', () => {
  const sources: Sources = { startKey: () => [1, 2], squareKey: () => [3, 4], reference: async () => linearEngine() };
  const x = { data: Float32Array.of(0.5, 0.99), shape: [1, 2] };
  test.each([[0.621, 0.99], [0.5, 1.0001], [0.5, NaN], [-0.0001, 0.99], [0.379, 0.99]])('%d, %d', (first, second) => {
    expect(() => police('pgd', { norm: 'linf', epsilon: 0.12 }, x, { data: Float32Array.of(first, second), shape: [1, 2] })).toThrow('left its budget');
  });
  test('the rim of the ball is inside', () => {
    expect(() => police('pgd', { norm: 'linf', epsilon: 0.12 }, x, { data: Float32Array.of(0.62, 1), shape: [1, 2] })).not.toThrow();
  });

  test('examples are judged by a fresh pass, and policed', async () => {
    const engine = linearEngine();
    const labels = predictions(await engine.logits({ ...images(4), draw: { role: 'evaluate', restart: 0, step: 0 } }));
    const inputs: Inputs = { ...images(4), labels };
    const sides: Sides = { attacked: engine, judge: (given) => judge(engine, given) };
    const spy = vi.spyOn(attacks, 'pgd');
    try {
      spy.mockImplementation(async (_, victims) => ({ x: victims.x, flat: new Uint8Array(4) }));
      const { verdicts } = await attackAndJudge(sides, attack, inputs, sources);
      expect(verdicts.map(({ right }) => right)).toEqual([true, true, true, true]);
      spy.mockImplementation(async (_, victims) => ({ x: { data: victims.x.data.map((value) => 1 - value), shape: victims.x.shape }, flat: new Uint8Array(4) }));
      await expect(attackAndJudge(sides, attack, inputs, sources)).rejects.toThrow('The attack pgd left its budget');
    } finally {
      spy.mockRestore();
    }
  });
});

test('logits that are not finite are wrong, near ties are counted, exact ties go to the lowest class', async () => {
  const rows = [
    [9, NaN, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, Infinity, 0, 0, 0, 0, 0, 0, 0, 0],
    [1, 1.00005, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 2, 2, 0, 0, 0, 0, 0, 0, 0],
    [0, 5, 2, 0, 0, 0, 0, 0, 0, 0],
  ];
  const verdicts = await judge(answering(() => rows), { ...images(5), labels: Uint8Array.of(0, 1, 1, 1, 1) });
  expect(verdicts.map(({ right }) => right)).toEqual([false, false, true, true, true]);
  expect(verdicts.map(({ notFinite }) => notFinite)).toEqual([true, true, false, false, false]);
  expect(verdicts.map(({ nearTie }) => nearTie)).toEqual([false, false, true, true, false]);
});

describe('several draw sets', () => {
  // What each of five draw sets says of four images of class 1.
  const said = [[1, 1, 1, 0], [1, 1, 2, 0], [1, 0, 3, 0], [0, 0, 1, 0], [1, 1, 4, 0]];
  const engine = answering(({ restart }) => said[restart].map((label) => Array.from({ length: 10 }, (_, c) => Number(c === label))));
  const inputs = { ...images(4), labels: new Uint8Array(4).fill(1) };

  test('most of them decide under attack, and most is more than half', async () => {
    const verdicts = await judgeByMajority(engine, inputs, 5);
    expect(verdicts.map(({ right }) => right)).toEqual([true, true, false, false]);
    expect(verdicts.map(({ prediction }) => prediction)).toEqual([1, 1, 1, 0]);
    expect(verdicts[1].rightByDraw).toEqual([true, true, false, false, true]);
  });

  test('the first counts otherwise, and the others show the spread', async () => {
    const verdicts = await judgeWithSpread(engine, inputs, 3);
    expect(verdicts.map(({ right }) => right)).toEqual([true, true, true, false]);
    expect(verdicts.map(({ prediction }) => prediction)).toEqual(said[0]);
    expect(verdicts[2].rightByDraw).toEqual([true, false, false]);
  });

  test('a row that is not finite in one of them is not right there, and counts as not finite', async () => {
    const once = answering(({ restart }) => [Array.from({ length: 10 }, (_, c) => (c === 1 ? (restart === 2 ? NaN : 1) : 0))]);
    const [verdict] = await judgeByMajority(once, { ...images(1), labels: Uint8Array.of(1) }, 5);
    expect(verdict).toMatchObject({ right: true, notFinite: true, rightByDraw: [true, true, false, true, true] });
  });
});

test('batches: every row once, in order, the engine never sees more than it takes', async () => {
  const seen: Seen[] = [];
  let runs = 0;
  const batched = inBatches(linearEngine({ seen, batchSize: 8 }), () => runs++);
  const rows = { ...images(20), draw: { role: 'evaluate', restart: 0, step: 0 } as const };
  const whole = linearEngine();
  expect(await batched.logits(rows)).toEqual(await whole.logits(rows));
  expect(seen.map((run) => run.rows)).toEqual([8, 8, 4]);
  expect(runs).toBe(3);
  const cotangent = { data: images(20).x.data.slice(0, 200), shape: [20, 10] };
  expect(await batched.pullback!(rows, cotangent)).toEqual(await whole.pullback!(rows, cotangent));
  expect(batched.lossGradient).toBeUndefined();
});

test('parts of a slow trial are small, of a fast one large, all of whole batches', () => {
  const sizes = [{ kind: 'clean' }, attack, { kind: 'mixed', tta: sum }, { ...attack, steps: 1000, tta: sum }].map((trial) => partSize(trial as Trial));
  expect(sizes).toEqual([2000, 64, 160, 32]);
  expect(passesPerImage(attack)).toBe(1 + 8 * 3 + 1);
});

describe('assemble', () => {
  const part = (start: number, end: number, bits: number[]): Part => ({
    trialId: 'clean', start, end, correctBits: Uint8Array.from(bits), predictions: new Uint8Array(end - start).fill(start ? 2 : 1),
    confusion: Array.from({ length: 100 }, (_, i) => (i === 0 ? end - start : 0)), seconds: 1, engine: 'e', device: 'cpu', diagnostics: { nearTies: 1, correctByDraw: [end - start, 2] },
  });
  const [first, second] = [part(0, 5, [0b10101]), part(5, 12, [0b1111111])];

  test('joins parts in any order, bit by bit, each once', () => {
    for (const parts of [[first, second], [second, first, second]]) {
      const cell = assemble(parts, 12)!;
      expect(cell).toMatchObject({ total: 12, correct: 10, seconds: 2, engine: 'e', device: 'cpu', diagnostics: { nearTies: 2, correctByDraw: [12, 4] } });
      expect([...cell.correctBits]).toEqual([0b11110101, 0b1111]);
      expect([...cell.predictions]).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2]);
      expect(cell.confusion[0]).toBe(12);
    }
  });

  test('is null with a gap, and refuses an overlap', () => {
    expect(assemble([second], 12)).toBeNull();
    expect(assemble([first], 12)).toBeNull();
    expect(assemble([], 12)).toBeNull();
    expect(() => assemble([first, part(4, 12, [0])], 12)).toThrow('overlap at image 4');
  });
});

test('a key that was not handed out is missed by name', async () => {
  const others = keysFromList(keysNeeded(protocol, { kind: 'clean' }).map(handedOut));
  await expect(cellOf({ kind: 'mixed' }, linearEngine(), { keys: others })).rejects.toThrow('parameters|mixed|evaluate');
});
