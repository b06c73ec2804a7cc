// Steps inside the engine against the same steps one by one: not one bit may differ, whoever takes them.
import { afterEach, describe, expect, test } from 'vitest';
import { attacks } from '../../lib/attacks/index.ts';
import { linfBox, moveAlong } from '../../lib/attacks/norms.ts';
import { stride } from '../../lib/attacks/stride.ts';
import { readBaseline } from '../../lib/baselines/index.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import type { Engine, Rows, SignSteps } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { inBatches } from '../../lib/evaluation/batches.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { floatConstant } from '../../lib/onnx/constants.ts';
import type { Model } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { deriveKey } from '../../lib/random.ts';
import { tensor, type Tensor } from '../../lib/tensor.ts';
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

function planOf({ x }: Rows, epsilon: number, stepSize: number, steps: number): SignSteps {
  const { low, high } = linfBox(x, epsilon);
  return { low: { data: low, shape: x.shape }, high: { data: high, shape: x.shape }, stepSize, steps };
}

async function oneByOne(engine: Engine, rows: Rows, labels: Uint8Array, { low, high, stepSize, steps }: SignSteps): Promise<Tensor> {
  const x = { data: rows.x.data.slice(), shape: rows.x.shape };
  for (let step = 0; step < steps; step++) {
    const { dx } = await engine.lossGradient!({ ...rows, x }, labels, 'cross-entropy');
    moveAlong(dx.data, Math.fround(stepSize), x.data, 0, { low: low.data, high: high.data });
  }
  return x;
}

/** The linear model with weights that overflow: some gradients are infinite, some are not numbers at all. */
function overflowing(): Model {
  const model = linearModel();
  const constants = new Map(model.graph.constants);
  const huge = uniform(5, 7840).map((value) => value * 3e38);
  constants.set('logits.w', floatConstant(huge, constants.get('logits.w')!.dims));
  return { ...model, graph: { ...model.graph, constants } };
}

const models = [
  ['linear', linearModel()], ['mlp', mlpModel()], ['cnn', cnnModel()], ['resnet', resnetModel()], ['overflowing', overflowing()],
] as const;

test.each(models)('%s: steps inside are steps one by one, for every budget in one session', async (_, model) => {
  const engine = await open(model);
  const rows = rowsOf(40);
  for (const [epsilon, stepSize, steps] of [[0.1, 0.025, 5], [0.03, 0.3, 1], [0.3, 1 / 255, 2]]) {
    const plan = planOf(rows, epsilon, stepSize, steps);
    const found = await engine.signSteps!(rows, labelsOf(40), plan);
    expect(found.shape).toEqual([40, 784]);
    expect(found).toEqual(await oneByOne(engine, rows, labelsOf(40), plan));
  }
});

test('a baseline under PGD has the same adversarial images either way', async () => {
  const bytes = await readBaseline('reference-cnn.onnx');
  const engine = inBatches(await open(await readUpload([{ name: 'model.onnx', bytes }])));
  const { test: pool } = await loadFashionMnist(await findFashionMnist());
  const x = tensor(Float32Array.from(pool.images.subarray(0, 50 * 784), (value) => value / 255), [50, 784]);
  const image = Uint32Array.from({ length: 50 }, (_, i) => 60_000 + i);
  const startKey = () => deriveKey('', 'attack-start', 'test', 'attack');
  const victims = { x, image, labels: pool.labels.slice(0, 50), restart: 0, startKey };
  const plan = { norm: 'linf', epsilon: 0.1, stepSize: 0.025, steps: 10, randomStart: true, count: 'last' } as const;
  const { signSteps, ...stepwise } = engine;
  expect(signSteps).toBeDefined();
  expect(await attacks.pgd(engine, victims, plan)).toEqual(await attacks.pgd(stepwise, victims, plan));
});

describe('which attacks take them, and how many at once', () => {
  const rows = rowsOf(70);
  const labels = labelsOf(70);

  async function counted(): Promise<{ engine: Engine; taken: number[]; runs: () => number }> {
    const bare = await open(mlpModel());
    const taken: number[] = [];
    let runs = 0;
    const spied: Engine = { ...bare, signSteps: (some, own, plan) => (taken.push(plan.steps), bare.signSteps!(some, own, plan)) };
    return { engine: inBatches(spied, () => runs++), taken, runs: () => runs };
  }

  test('a slow model is heard after fewer steps, and goes to the same place', async () => {
    const { engine, taken, runs } = await counted();
    const box = linfBox(rows.x, 0.1);
    const plan = { box, stepSize: 0.01, steps: 6 };
    const quick = await stride(engine, rows, labels, plan, 0.001);
    expect([taken.splice(0), runs()]).toEqual([[6, 6, 6], 3]);
    // 70 rows are three runs: 1.5 s of a step are 0.5 s a run.
    expect(await stride(engine, rows, labels, plan, 1.5)).toEqual(quick);
    expect(taken.splice(0).slice(0, 3)).toEqual([2, 2, 2]);
    expect(await stride(engine, rows, labels, plan, 1000)).toEqual(quick);
    expect(taken.slice(0, 3)).toEqual([1, 1, 1]);
  });

  test('only where the last iterate counts and the gradient itself is followed', async () => {
    const { engine, taken } = await counted();
    const victims = { ...rows, labels, restart: 0, startKey: () => deriveKey('', 'attack-start', 'test', 'attack') };
    const plan = { norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 4 } as const;
    await attacks.fgsm(engine, victims, plan);
    await attacks.bim(engine, victims, { ...plan, count: 'any' });
    await attacks.mim(engine, victims, { ...plan, count: 'last', momentum: 1, randomStart: false });
    expect(taken).toEqual([]);
    await attacks.bim(engine, victims, { ...plan, count: 'last' });
    expect(Math.min(...taken)).toBeGreaterThan(0);
    expect(taken.reduce((sum, steps) => sum + steps, 0)).toBe(3 * 3);
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
