// The contract of every engine: batches do not matter, the loss gradient is its parts, and no scale of logits hides the gradient.
import { afterEach, describe, expect, test } from 'vitest';
import type { Engine, Rows } from '../../lib/engines/engine.ts';
import { openEngine, type EngineOptions } from '../../lib/engines/open.ts';
import { engineNames } from '../../lib/runtimes.ts';
import { losses, lossSeed } from '../../lib/losses.ts';
import { floatConstant, floatsOf, int64Constant } from '../../lib/onnx/constants.ts';
import type { Constant, Model } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { rowsOf as slice, tensor, type Tensor } from '../../lib/tensor.ts';
import { relativeError } from '../autodiff/run.ts';
import { cnnModel, graphOf, linearModel, mlpModel, modelOf, resnetModel, toImage, uniform } from '../models.ts';

const opened: Engine[] = [];
afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close();
});

function rowsOf(count: number, seed = 1): Rows {
  const x = tensor(uniform(seed, count * 784, 0, 1), [count, 784]);
  return { x, image: new Uint32Array(count), draw: { role: 'attack', restart: 0, step: 0 } };
}

const labelsOf = (count: number) => Uint8Array.from({ length: count }, (_, i) => (i * 7 + 3) % 10);

/** The same model with its logits multiplied, through the last layer's weights and bias. */
function scaled({ graph, ...facts }: Model, factor: number): Model {
  const constants = new Map(graph.constants);
  for (const name of ['logits.w', 'logits.b']) {
    const old = constants.get(name)!;
    constants.set(name, floatConstant(floatsOf(old).map((value) => value * factor), old.dims));
  }
  return { ...facts, graph: { ...graph, constants } };
}

/** Spec 2.4: softmax over the other classes, -1 at the true one; in float64. */
function seedOf({ data, shape: [rows] }: Tensor, labels: Uint8Array): Tensor {
  const seed = new Float32Array(rows * 10);
  for (let row = 0; row < rows; row++) {
    const others = [...Array(10).keys()].filter((i) => i !== labels[row]);
    const top = Math.max(...others.map((i) => data[row * 10 + i]));
    const sum = others.reduce((total, i) => total + Math.exp(data[row * 10 + i] - top), 0);
    for (const i of others) seed[row * 10 + i] = Math.exp(data[row * 10 + i] - top) / sum;
    seed[row * 10 + labels[row]] = -1;
  }
  return tensor(seed, [rows, 10]);
}

const signs = ({ data }: Tensor) => data.map(Math.sign);

describe.each(engineNames)('%s', (engine) => {
  const open = async (model: Model, options: EngineOptions = {}) => {
    const made = await openEngine(model, { engine, ...options });
    opened.push(made);
    return made;
  };

  // Pure JavaScript takes its time.
  const batch = engine === 'tensorflow' ? 4 : 32;

  test('says what it is', async () => {
    const { engine: name, device, batchSize, noGradient } = (await open(mlpModel())).info;
    expect(name).toMatch(/^(onnxruntime|tfjs)\S* \d+\.\d+\.\d+/);
    expect(['cpu', 'cuda']).toContain(device);
    expect(batchSize).toBeGreaterThan(0);
    expect(noGradient).toBeUndefined();
  });

  const models = [['mlp', mlpModel()], ['cnn', cnnModel()], ['resnet', resnetModel()]] as const;
  test.each(models)('%s: neither batches nor padding matter', async (_, model) => {
    const alone = await open(model, { batchSize: 1 });
    const many = await open(model, { batchSize: batch });
    for (const count of [1, batch - 1, batch, batch + 1]) {
      const rows = rowsOf(count, count);
      const labels = labelsOf(count);
      const cotangent = tensor(uniform(9, count * 10), [count, 10]);
      expect(relativeError((await many.logits(rows)).data, (await alone.logits(rows)).data)).toBeLessThan(1e-5);
      const [a, b] = [await many.lossGradient!(rows, labels, 'cross-entropy'), await alone.lossGradient!(rows, labels, 'cross-entropy')];
      expect([a.logits.shape, a.dx.shape]).toEqual([[count, 10], [count, 784]]);
      expect(relativeError(a.dx.data, b.dx.data)).toBeLessThan(1e-5);
      const [c, d] = [await many.pullback!(rows, cotangent), await alone.pullback!(rows, cotangent)];
      expect(relativeError(c.logits.data, a.logits.data)).toBeLessThan(1e-5);
      expect(relativeError(c.dx.data, d.dx.data)).toBeLessThan(1e-5);
    }
  });

  test('gives the same bits again', async () => {
    const made = await open(cnnModel());
    const rows = rowsOf(12);
    const once = await made.lossGradient!(rows, labelsOf(12), 'cross-entropy');
    expect(await made.lossGradient!(rows, labelsOf(12), 'cross-entropy')).toEqual(once);
  });

  test('no rows give no rows', async () => {
    const made = await open(mlpModel());
    expect((await made.logits(rowsOf(0))).shape).toEqual([0, 10]);
    expect((await made.lossGradient!(rowsOf(0), new Uint8Array(0), 'cross-entropy')).dx.shape).toEqual([0, 784]);
  });

  test('a fixed batch size runs at its own size, whatever is asked for', async () => {
    const free = cnnModel(2);
    const [input, output] = [free.graph.inputs[0], free.graph.outputs[0]];
    const graph = { ...free.graph, inputs: [{ ...input, dims: [7, 784] }], outputs: [{ ...output, dims: [7, 10] }] };
    const fixed = await open({ ...free, graph, batch: 7 }, { batchSize: 16 });
    expect(fixed.info.batchSize).toBe(7);
    const rows = rowsOf(9);
    const wanted = await (await open(free)).lossGradient!(rows, labelsOf(9), 'cross-entropy');
    const found = await fixed.lossGradient!(rows, labelsOf(9), 'cross-entropy');
    expect(relativeError((await fixed.logits(rows)).data, wanted.logits.data)).toBeLessThan(1e-5);
    expect(relativeError(found.dx.data, wanted.dx.data)).toBeLessThan(1e-5);
  });

  test.each(losses)('the loss gradient is the pullback of the loss seed: %s', async (loss) => {
    for (const model of [mlpModel(), cnnModel(), scaled(mlpModel(), 40)]) {
      const made = await open(model);
      // Every class is true of some row.
      const count = Math.max(10, batch);
      const rows = rowsOf(count);
      const labels = labelsOf(count);
      const targets = labels.map((label, i) => (label + 1 + (i % 9)) % 10);
      const whole = await made.lossGradient!(rows, labels, loss, targets);
      const logits = await made.logits(rows);
      const parts = await made.pullback!(rows, loss === 'cross-entropy' ? seedOf(logits, labels) : lossSeed(loss, logits, labels, targets));
      expect(relativeError(whole.logits.data, parts.logits.data)).toBeLessThan(1e-5);
      expect(relativeError(whole.dx.data, parts.dx.data)).toBeLessThan(1e-5);
    }
  });

  describe('logits of any scale', () => {
    const count = 24;
    const rows = rowsOf(count, 6);
    const base = mlpModel(4);

    test.each([1, 30, 100, 1e6])('times %d leave every image a gradient: that of its seed', async (factor) => {
      const made = await open(scaled(base, factor));
      const { logits, dx } = await made.lossGradient!(rows, labelsOf(count), 'cross-entropy');
      for (let row = 0; row < count; row++) {
        expect(slice(dx, row, row + 1).data.filter((value) => value === 0).length).toBeLessThan(40);
      }
      // The unscaled model pulls the same seed back to the same direction.
      const wanted = await (await open(base)).pullback!(rows, seedOf(logits, labelsOf(count)));
      expect(relativeError(dx.data.map((value) => value / factor), wanted.dx.data)).toBeLessThan(1e-4);
    });

    test('times 30 and times 100 have the same signs, where the runner-up stands out', async () => {
      const clear = scaled(base, 40);
      const [thirty, hundred] = [await open(scaled(clear, 30)), await open(scaled(clear, 100))];
      const a = await thirty.lossGradient!(rows, labelsOf(count), 'cross-entropy');
      const b = await hundred.lossGradient!(rows, labelsOf(count), 'cross-entropy');
      // Within 20 of the runner-up another class still has a say that float32 can hold.
      const clearly = [...Array(count).keys()].filter((row) => {
        const logits = [...slice(a.logits, row, row + 1).data];
        const others = logits.filter((_, i) => i !== labelsOf(count)[row]).sort((p, q) => q - p);
        return others[0] - others[1] > 20;
      });
      expect(clearly.length).toBeGreaterThan(count / 2);
      for (const row of clearly) expect(signs(slice(b.dx, row, row + 1))).toEqual(signs(slice(a.dx, row, row + 1)));
    });

    test('up to 1e30 stay finite', async () => {
      const { logits, dx } = await (await open(scaled(linearModel(), 1e30))).lossGradient!(rows, labelsOf(count), 'cross-entropy');
      expect(Math.max(...logits.data.map(Math.abs))).toBeGreaterThan(1e29);
      expect(dx.data.every(Number.isFinite)).toBe(true);
      expect(dx.data.some((value) => value !== 0)).toBe(true);
    });

    test('infinite or undefined are handed on', async () => {
      const infinite = await (await open(scaled(linearModel(), 3e38))).lossGradient!(rows, labelsOf(count), 'cross-entropy');
      expect(infinite.logits.data.some((value) => !Number.isFinite(value))).toBe(true);
      expect(infinite.dx.data.every(Number.isFinite)).toBe(false);
    });
  });

  test('a model without a gradient still gives logits, and says why', async () => {
    const constants: Record<string, Constant> = { flat: int64Constant([-1, 784]), w: floatConstant(uniform(1, 7840), [784, 10]) };
    const window = { kernel_shape: [2, 2], strides: [2, 2] };
    const nodes = [
      toImage(constants), node('MaxPool', ['image'], ['pooled', 'places'], window),
      node('MaxUnpool', ['pooled', 'places'], ['sparse'], window), node('Reshape', ['sparse', 'flat'], ['rows']),
      node('MatMul', ['rows', 'w'], ['logits']),
    ];
    const made = await open(modelOf(graphOf({ constants, nodes })));
    expect(made.info.noGradient).toMatch(/MaxUnpool/);
    expect([made.pullback, made.lossGradient]).toEqual([undefined, undefined]);
    expect((await made.logits(rowsOf(3))).shape).toEqual([3, 10]);
  });

  test('what does not fit is refused before it runs', async () => {
    const made = await open(mlpModel());
    await expect(made.lossGradient!(rowsOf(3), labelsOf(2), 'cross-entropy')).rejects.toThrow(/for 3 rows needs \d+ numbers; got \d+/);
    await expect(made.pullback!(rowsOf(3), tensor(new Float32Array(10), [1, 10]))).rejects.toThrow(/dLogits for 3 rows/);
    await expect((async () => made.lossGradient!(rowsOf(1), Uint8Array.of(10), 'cross-entropy'))()).rejects.toThrow(/Label 10/);
  });

  test('closed, it says so', async () => {
    const made = await openEngine(mlpModel(), { engine });
    await made.logits(rowsOf(1));
    await made.close();
    await expect(made.logits(rowsOf(1))).rejects.toThrow(/closed/);
    await made.close();
  });
});
