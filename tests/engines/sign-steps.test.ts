// Steps inside the engine against the same steps one by one: not one bit may differ, whoever takes them.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { attacks } from '../../lib/attacks/index.ts';
import { ballsAround, isZero, linfBox } from '../../lib/attacks/norms.ts';
import { stride } from '../../lib/attacks/stride.ts';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import type { Engine, Rows, SignSteps, Stepped } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { floatConstant } from '../../lib/onnx/constants.ts';
import type { Model } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { deriveKey } from '../../lib/random.ts';
import { argmax, predictions, rowsOf as part, tensor } from '../../lib/tensor.ts';
import { noSources } from '../attacks/linear-engine.ts';
import { cnnModel, graphOf, linearModel, mlpModel, modelOf, resnetModel, uniform } from '../models.ts';

const opened: Engine[] = [];
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
});

async function open(model: Model): Promise<Engine> {
  const engine = await openEngine(model);
  opened.push(engine);
  return engine;
}

function rowsOf(count: number): Rows {
  const x = tensor(uniform(3, count * 784, 0, 1), [count, 784]);
  return { x, image: new Uint32Array(count), draw: { role: 'attack', restart: 0, step: 0 } };
}

const labelsOf = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 7 + 3) % 10);

function planOf({ x }: Rows, epsilon: number, stepSize: number, steps: number, untilFooled: boolean): SignSteps {
  const { low, high } = linfBox(x, epsilon);
  return { low: { data: low, shape: x.shape }, high: { data: high, shape: x.shape }, stepSize, steps, untilFooled };
}

async function oneByOne(engine: Engine, rows: Rows, labels: Uint8Array, plan: SignSteps): Promise<Omit<Stepped, 'taken'>> {
  const count = labels.length;
  const x = { data: rows.x.data.slice(), shape: rows.x.shape };
  const balls = ballsAround(rows.x, { norm: 'linf', epsilon: NaN }, { low: plan.low.data, high: plan.high.data });
  const [flat, fooled] = [new Uint8Array(count), new Uint8Array(count)];
  for (let step = 0; step < plan.steps; step++) {
    const { logits, dx } = await engine.lossGradient!({ ...rows, x }, labels, 'cross-entropy');
    for (let row = 0; row < count; row++) {
      const gradient = part(dx, row, row + 1).data;
      if (plan.untilFooled && argmax(logits.data, row * 10, 10) !== labels[row]) fooled[row] = 1;
      if (fooled[row]) continue;
      if (step === 0 && isZero(gradient)) flat[row] = 1;
      balls.step(part(x, row, row + 1).data, gradient, Math.fround(plan.stepSize), row);
    }
  }
  return { x, flat, fooled };
}

/** The linear model with all weights times a factor, the first half of the classes' to 0. */
function scaled(factor: number): Model {
  const model = linearModel();
  const constants = new Map(model.graph.constants);
  const weights = uniform(5, 7840).map((value, i) => (i < 3920 ? 0 : value * factor));
  constants.set('logits.w', floatConstant(weights, constants.get('logits.w')!.dims));
  return { ...model, graph: { ...model.graph, constants } };
}

const models = [
  ['linear', linearModel()], ['mlp', mlpModel()], ['cnn', cnnModel()], ['resnet', resnetModel()],
  // Some gradients are infinite, and some no numbers at all.
  ['overflowing', scaled(3e38)],
  // Gradients are denormal numbers, some of them 0.
  ['underflowing', scaled(1e-44)],
  ['flat', scaled(0)],
] as const;

describe.each([['to the last', false], ['until fooled', true]] as const)('%s', (_, untilFooled) => {
  test.each(models)('%s: steps inside are steps one by one, for every budget in one session', async (_name, model) => {
    const engine = await open(model);
    const rows = rowsOf(40);
    // The model's own answers for some rows, so that there is somebody to fool.
    const labels = predictions(await engine.logits(rows)).map((label, row) => (row % 4 ? label : (label + row) % 10));
    for (const [epsilon, stepSize, steps] of [[0.1, 0.025, 5], [0.03, 0.3, 1], [0.3, 1 / 255, 2]]) {
      const plan = planOf(rows, epsilon, stepSize, steps, untilFooled);
      const { taken, ...found } = await engine.signSteps!(rows, labels, plan);
      expect(found).toEqual(await oneByOne(engine, rows, labels, plan));
      expect(taken).toBeLessThanOrEqual(2 * steps);
      if (!untilFooled) expect(taken).toBe(2 * steps);
    }
  });
});

test('what the flags tell: flat gradients, who was fooled, and a batch that ends when all are', async () => {
  const flat = await open(scaled(0));
  const rows = rowsOf(40);
  const right = predictions(await flat.logits(rows));
  const wrong = right.map((label) => (label + 1) % 10);
  const plan = planOf(rows, 0.1, 0.025, 6, true);
  expect(await flat.signSteps!(rows, right, plan)).toEqual({ x: rows.x, flat: new Uint8Array(40).fill(1), fooled: new Uint8Array(40), taken: 12 });
  expect(await flat.signSteps!(rows, wrong, plan)).toEqual({ x: rows.x, flat: new Uint8Array(40), fooled: new Uint8Array(40).fill(1), taken: 2 });
  const last = await flat.signSteps!(rows, wrong, { ...plan, untilFooled: false });
  expect(last).toEqual({ x: rows.x, flat: new Uint8Array(40).fill(1), fooled: new Uint8Array(40), taken: 12 });
});

test.each(['last', 'any'] as const)('a baseline under PGD has the same adversarial images either way, counting %s', async (count) => {
  const bytes = await readBaseline('reference-cnn.onnx');
  const engine = inBatches(await open(await readUpload([{ name: 'model.onnx', bytes }])));
  const { test: pool } = await loadFashionMnist(await findFashionMnist());
  const x = tensor(Float32Array.from(pool.images.subarray(0, 70 * 784), (value) => value / 255), [70, 784]);
  const image = Uint32Array.from({ length: 70 }, (_, i) => 60_000 + i);
  const startKey = () => deriveKey('', 'attack-start', 'test', 'attack');
  const victims = { ...noSources, x, image, labels: pool.labels.slice(0, 70), restart: 0, startKey };
  const plan = { norm: 'linf', epsilon: 0.05, stepSize: 0.0125, steps: 10, randomStart: true, count } as const;
  const { signSteps, ...stepwise } = engine;
  expect(signSteps).toBeDefined();
  expect(await attacks.pgd(engine, victims, plan)).toEqual(await attacks.pgd(stepwise, victims, plan));
});

describe('which attacks take them, and how many at once', () => {
  const rows = rowsOf(70);
  const labels = labelsOf(70);
  const box = linfBox(rows.x, 0.1);
  const fresh = () => ({ ...rows, x: { ...rows.x, data: rows.x.data.slice() } });

  /** An engine whose every run takes that many seconds a step, as far as its caller can tell. */
  async function counted(secondsPerStep = 0.001): Promise<{ engine: Engine; taken: number[] }> {
    const bare = await open(mlpModel());
    const taken: number[] = [];
    const spied: Engine = {
      ...bare,
      signSteps: async (some, own, plan) => {
        taken.push(plan.steps);
        const stepped = await bare.signSteps!(some, own, plan);
        clock += secondsPerStep * stepped.taken * 1000;
        return stepped;
      },
    };
    return { engine: inBatches(spied), taken };
  }
  let clock = 0;
  beforeEach(() => void vi.spyOn(performance, 'now').mockImplementation(() => clock));
  afterEach(() => void vi.restoreAllMocks());

  test('a slow model is heard after fewer steps, and goes to the same place', async () => {
    const plan = { box, stepSize: 0.01, steps: 7, untilFooled: false };
    const [quick, slow, slowest] = [await counted(), await counted(0.4), await counted(3)];
    const found = await stride(quick.engine, fresh(), labels, plan);
    expect(await stride(slow.engine, fresh(), labels, plan)).toEqual(found);
    expect(await stride(slowest.engine, fresh(), labels, plan)).toEqual(found);
    // 70 rows are three runs.
    expect(quick.taken).toEqual([1, 1, 1, 6, 6, 6]);
    expect(slow.taken).toEqual([1, 2, 2, 2].flatMap((steps) => [steps, steps, steps]));
    expect(slowest.taken).toEqual(new Array(21).fill(1));
  });

  test('a model whose pace is known goes all the way at once', async () => {
    const { engine, taken } = await counted();
    const plan = { box, stepSize: 0.01, steps: 7, untilFooled: false };
    await stride(engine, fresh(), labels, plan);
    taken.splice(0);
    await stride(engine, fresh(), labels, plan);
    expect(taken).toEqual([7, 7, 7]);
  });

  test('rows that are fooled make room: fewer batches run, and late ones end early', async () => {
    const { engine, taken } = await counted();
    const own = predictions(await engine.logits(rows)).map((label, row) => (row < 40 ? (label + 1) % 10 : label));
    await stride(engine, fresh(), own, { box: linfBox(rows.x, 0.001), stepSize: 0.0001, steps: 7, untilFooled: true });
    expect(taken).toEqual([1, 1, 1, 6]);
  });

  test('only where the gradient itself is followed', async () => {
    const { engine, taken } = await counted();
    const victims = { ...noSources, ...rows, labels, restart: 0 };
    const plan = { norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 4 } as const;
    await attacks.mim(engine, victims, { ...plan, count: 'last', momentum: 1, randomStart: false });
    expect(taken).toEqual([]);
    await attacks.fgsm(engine, victims, plan);
    expect(taken).toEqual([1, 1, 1]);
    await attacks.bim(engine, victims, { ...plan, count: 'last' });
    expect(taken.slice(3)).toEqual([4, 4, 4]);
  });
});

test('a model without a gradient has none, and one with many weights does without', async () => {
  const constants = { w: floatConstant(uniform(1, 7840), [784, 10]) };
  const blind = modelOf(graphOf({ constants, nodes: [node('Round', ['x'], ['r']), node('MatMul', ['r', 'w'], ['logits'])] }));
  expect((await open(blind)).signSteps).toBeUndefined();
  const wide = 11_000;
  const layers = { a: floatConstant(new Float32Array(784 * wide), [784, wide]), b: floatConstant(new Float32Array(wide * 10), [wide, 10]) };
  const large = await open(modelOf(graphOf({ constants: layers, nodes: [node('MatMul', ['x', 'a'], ['h']), node('MatMul', ['h', 'b'], ['logits'])] })));
  expect([typeof large.lossGradient, large.signSteps]).toEqual(['function', undefined]);
});
