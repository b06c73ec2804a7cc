// From a student's graph to the canonical model: inputs, outputs, batch sizes, scaling, limits.
import ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { SubmissionError, type SubmissionProblem } from '../../lib/errors.ts';
import { reportOf } from '../../lib/evaluation/report.ts';
import { canonicalise, type UploadOptions } from '../../lib/formats/canonical.ts';
import { limits } from '../../lib/limits.ts';
import { decodeModel, encodeGraph, encodeModel } from '../../lib/onnx/codec.ts';
import { floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import type { Constant, Graph, Model, Node } from '../../lib/onnx/graph.ts';
import { float, node } from '../../lib/onnx/node.ts';
import { inferShapes } from '../../lib/onnx/shapes.ts';
import { cnnModel, graphOf, linear, resnetModel, uniform, weight } from '../models.ts';

type Dims = readonly (number | null)[];

/** image -> Flatten -> Gemm -> `tail` nodes -> out. */
function classifier(
  input: Dims = [null, 1, 28, 28],
  tail: Node[] = [node('Identity', ['z'], ['out'])],
  output: Dims = [null, 10],
  more: Record<string, Constant> = {},
): Graph {
  const constants: Record<string, Constant> = { ...more };
  const nodes = [node('Flatten', ['image'], ['flat']), linear(constants, 3, 'flat', 'z', [784, 10]), ...tail];
  return graphOf({ inputs: [['image', input]], outputs: [['out', output]], constants, nodes });
}

function problemOf(graph: Graph, options?: UploadOptions, opset = 20): SubmissionProblem {
  try {
    canonicalise(graph, opset, options);
  } catch (error) {
    if (error instanceof SubmissionError) return error.problem;
    throw error;
  }
  throw new Error('The model was taken.');
}

async function logitsOf({ graph }: Pick<Model, 'graph'>, rows: number): Promise<number[]> {
  const session = await ort.InferenceSession.create(encodeGraph(graph), { intraOpNumThreads: 1 });
  const result = await session.run({
    [graph.inputs[0].name]: new ort.Tensor('float32', uniform(9, rows * 784, 0, 1), [rows, ...(graph.inputs[0].dims.slice(1) as number[])]),
  });
  await session.release();
  return [...(result[graph.outputs[0].name].data as Float32Array)];
}

describe('inputs', () => {
  test.each([
    ['N,1,28,28', [null, 1, 28, 28]],
    ['N,28,28,1', [null, 28, 28, 1]],
    ['N,28,28', [null, 28, 28]],
    ['N,784', [null, 784]],
    ['N,28,28', [1, 28, 28]],
    ['N,28,28,1', [null, null, null, 1]],
  ] as const)('layout %s is recognised in [%s]', (layout, dims) => {
    const model = canonicalise(classifier(dims), 20);
    expect(model).toMatchObject({ layout, batch: null, output: 'logits' });
    expect(model.graph.inputs).toEqual([{ name: 'x', type: 'float32', dims: [null, 784] }]);
    expect(model.graph.outputs).toEqual([{ name: 'logits', type: 'float32', dims: [null, 10] }]);
  });

  test('an open layout is what the student chose', () => {
    const graph = classifier([null, null, null, null]);
    expect(problemOf(graph).found).toMatch(/"image" \[\?, \?, \?, \?\], which leaves its layout open/);
    expect(canonicalise(graph, 20, { layout: 'N,28,28,1' }).layout).toBe('N,28,28,1');
    expect(problemOf(classifier(), { layout: 'N,784' }).fix).toMatch(/choose \[N,1,28,28\]/);
  });

  test.each<[Dims, RegExp]>([
    [[null, 3, 28, 28], /one gray channel/],
    [[null, 28, 28, 3], /one gray channel/],
    [[null, 1, 32, 32], /28x28 pixels/],
    [[28, 28], /batch dimension/],
    [[784], /batch dimension/],
    [[null, 100], /one of these shapes/],
  ])('[%s] is refused with what to do', (dims, fix) => {
    const problem = problemOf(classifier(dims));
    expect(problem.found).toContain(`"image" [${dims.map((size) => size ?? '?').join(', ')}]`);
    expect(problem.fix).toMatch(fix);
  });

  test('integer pixels, two inputs and no input are refused', () => {
    expect(problemOf(graphOf({ inputs: [['image', [null, 784], 'uint8']], nodes: [node('Relu', ['image'], ['logits'])] })).code).toBe(
      'input-type',
    );
    const two = graphOf({
      inputs: [
        ['a', [null, 784]],
        ['b', [null, 10]],
      ],
      nodes: [node('Add', ['a', 'b'], ['logits'])],
    });
    expect(problemOf(two).found).toBe('The model has 2 inputs: "a" [?, 784], "b" [?, 10].');
    const none = graphOf({
      inputs: [],
      constants: { c: floatConstant(new Float32Array(10), [1, 10]) },
      nodes: [node('Relu', ['c'], ['logits'])],
    });
    expect(problemOf(none).found).toBe('The model has 0 inputs.');
  });

  test('scaling is (x * scale - mean) / deviation', async () => {
    const scaling = { scale: 255, mean: 72.9, deviation: 90 } as const;
    const [plain, scaled] = [canonicalise(classifier(), 20), canonicalise(classifier(), 20, { scaling })];
    const z = plain.graph.constants.get('z.w')!;
    const w = new Float32Array(z.bytes.buffer, z.bytes.byteOffset, 7840);
    const shift = Array.from({ length: 10 }, (_, k) => w.subarray(784 * k, 784 * k + 784).reduce((sum, v) => sum + v, 0));
    const b = plain.graph.constants.get('z.b')!;
    const bias = new Float32Array(b.bytes.buffer, b.bytes.byteOffset, 10);
    const [a, c] = [await logitsOf(plain, 1), await logitsOf(scaled, 1)];
    a.forEach((value, k) => expect(c[k]).toBeCloseTo(((value - bias[k]) * 255) / 90 - (72.9 / 90) * shift[k] + bias[k], 3));
  });

  test('tensors of the model that have our names are called otherwise', async () => {
    const constants: Record<string, Constant> = {};
    const nodes = [node('Flatten', ['logits'], ['x']), linear(constants, 3, 'x', 'gauntlet.image', [784, 10])];
    const odd = graphOf({ inputs: [['logits', [null, 1, 28, 28]]], outputs: [['gauntlet.image', [null, 10]]], constants, nodes });
    const model = canonicalise(odd, 20);
    expect(await logitsOf(model, 2)).toEqual(await logitsOf({ graph: odd }, 2));
  });
});

describe('outputs', () => {
  const softmax = (axis: number) => [node('Softmax', ['z'], ['out'], { axis })];

  test.each<[string, Node[], Model['output'], number]>([
    ['Softmax', softmax(-1), 'probabilities', 20],
    ['Softmax by its old form', [node('Softmax', ['z'], ['out'])], 'probabilities', 11],
    ['Softmax, then Reshape', [node('Softmax', ['z'], ['p'], { axis: 1 }), node('Reshape', ['p', 'shape'], ['out'])], 'probabilities', 20],
    ['LogSoftmax', [node('LogSoftmax', ['z'], ['out'], { axis: 1 })], 'log-probabilities', 20],
    ['Log of Softmax', [node('Softmax', ['z'], ['p'], { axis: 1 }), node('Log', ['p'], ['out'])], 'log-probabilities', 20],
    ['Sigmoid', [node('Sigmoid', ['z'], ['out'])], 'probabilities', 20],
    ['Tanh', [node('Tanh', ['z'], ['out'])], 'logits', 20],
    ['Identity and Dropout', [node('Dropout', ['z'], ['d']), node('Identity', ['d'], ['out'])], 'logits', 20],
  ])('%s', async (name, tail, output, opset) => {
    const shape = { shape: int64Constant([-1, 10]) };
    const model = canonicalise(classifier(undefined, tail, undefined, shape), opset);
    expect(model.output).toBe(output);
    const plain = await logitsOf(canonicalise(classifier(), 20), 2);
    const found = await logitsOf(model, 2);
    if (name === 'Tanh') plain.forEach((value, i) => expect(found[i]).toBeCloseTo(Math.tanh(value), 5));
    else if (name !== 'LogSoftmax') expect(found).toEqual(plain);
    else {
      const sums = [0, 1].map((row) => Math.log(plain.slice(10 * row, 10 * row + 10).reduce((sum, value) => sum + Math.exp(value), 0)));
      plain.forEach((value, i) => expect(found[i]).toBeCloseTo(value - sums[Math.floor(i / 10)], 4));
    }
  });

  test('Softmax over the batch is refused', () => {
    expect(problemOf(classifier(undefined, softmax(0))).found).toMatch(/Softmax runs over axis 0 of \[2,10\]/);
  });

  test('a wrong size is named with what was found', () => {
    const tail = [node('Concat', ['z', 'z'], ['out'], { axis: 1 })];
    expect(problemOf(classifier(undefined, tail))).toMatchObject({
      code: 'output-shape',
      found: 'The model has the output "out" float32 [N, 20].',
      fix: expect.stringMatching(/10 classes/),
    });
    expect(problemOf(classifier(undefined, [node('ReduceMax', ['z'], ['out'])])).fix).toMatch(
      /not the predicted class/,
    );
  });

  test('of several outputs the one that fits is taken; two that fit are refused', () => {
    const more = classifier(undefined, [
      node('Relu', ['z'], ['other']),
      node('ReduceSum', ['z'], ['sum']),
      node('Identity', ['z'], ['out']),
    ]);
    const values = (names: string[]) => names.map((name) => ({ name, type: 'float32' as const, dims: [null] }));
    expect(canonicalise({ ...more, outputs: values(['sum', 'out']) }, 20).graph.nodes.map(({ op }) => op)).not.toContain('ReduceSum');
    expect(problemOf({ ...more, outputs: values(['other', 'out']) })).toMatchObject({
      code: 'outputs',
      found: expect.stringContaining('"other" float32 [N, 10], "out" float32 [N, 10]; 2 of them'),
    });
  });

  test('an output that does not depend on the image is refused', () => {
    const constants = { c: floatConstant(new Float32Array(20), [2, 10]) };
    const graph = graphOf({ inputs: [['image', [2, 784]]], outputs: [['out', [2, 10]]], constants, nodes: [node('Relu', ['c'], ['out'])] });
    expect(problemOf(graph).code).toBe('constant-output');
  });
});

describe('batch sizes', () => {
  const baked = (batch: number, declared: number | null) =>
    graphOf({
      inputs: [['image', [declared, 1, 28, 28]]],
      outputs: [['out', [declared, 10]]],
      constants: { shape: int64Constant([batch, 784]), w: weight(1, [784, 10], 784) },
      nodes: [node('Reshape', ['image', 'shape'], ['flat']), node('MatMul', ['flat', 'w'], ['out'])],
    });

  test('a fixed size that only the input declares is relaxed', () => {
    const model = canonicalise(classifier([1, 1, 28, 28], undefined, [1, 10]), 20);
    expect(model).toMatchObject({ batch: null, exportedBatch: 1 });
    expect(decodeModel(encodeModel(model)).exportedBatch).toBe(1);
    expect(reportOf(model).notes.join()).toMatch(/exported for one image at a time; it is run on any number, if .* the same answers/);
  });

  test.each([
    [1, 1],
    [4, 4],
    [1, null],
  ] as const)('a size of %d baked into a row-wise Reshape is relaxed (declared: %o)', async (size, declared) => {
    const model = canonicalise(baked(size, declared), 20);
    expect(model.batch).toBeNull();
    expect(await logitsOf(model, 5)).toEqual(await logitsOf(canonicalise(baked(5, 5), 20), 5));
  });

  test('a Reshape that is not row-wise keeps the size', async () => {
    // [4, 784] -> [16, 196] -> [4, 784]: the first crosses rows only in form, which is not worth telling.
    const shapes = { shape: int64Constant([16, 196]), back: int64Constant([4, 784]) };
    const across = graphOf({
      inputs: [['image', [4, 784]]],
      outputs: [['out', [4, 10]]],
      constants: { ...shapes, w: weight(1, [784, 10], 784) },
      nodes: [node('Reshape', ['image', 'shape'], ['a']), node('Reshape', ['a', 'back'], ['b']), node('MatMul', ['b', 'w'], ['out'])],
    });
    const model = canonicalise(across, 20);
    expect(model.batch).toBe(4);
    expect(model.graph.inputs[0].dims).toEqual([4, 784]);
    expect(await logitsOf(model, 4)).toHaveLength(40);
  });

  test('an open batch that runs at no size is refused by what does not fit', () => {
    expect(problemOf(baked(5, null)).found).toMatch(/Reshape "Reshape_flat": .* wanted as many elements \(1568\)/);
  });

  test('a graph with a squeezed batch keeps its size', () => {
    const graph = graphOf({
      inputs: [['image', [1, 784]]],
      outputs: [['out', [1, 10]]],
      constants: { w: weight(1, [784, 10], 784), zero: int64Constant([0]) },
      nodes: [node('MatMul', ['image', 'w'], ['z']), node('Squeeze', ['z'], ['s']), node('Unsqueeze', ['s', 'zero'], ['out'])],
    });
    expect(canonicalise(graph, 20).batch).toBe(1);
  });
});

describe('a batch of one', () => {
  test('is not squeezed away by a Squeeze without axes', async () => {
    const tail = [node('Unsqueeze', ['z', 'two'], ['u']), node('Squeeze', ['u'], ['out'])];
    const model = canonicalise(classifier(undefined, tail, undefined, { two: int64Constant([2]) }), 20);
    expect(model.batch).toBeNull();
    expect(inferShapes(model.graph, 1).dims.get('logits')).toEqual([1, 10]);
    expect(await logitsOf(model, 1)).toHaveLength(10);
  });
});

describe('limits and operators', () => {
  test('unknown operators are listed together with the known ones', () => {
    const foreign = { ...node('FusedConv', ['z'], ['f']), domain: 'com.microsoft' };
    const problem = problemOf(classifier(undefined, [foreign, node('Frobnicate', ['f'], ['out'])]));
    expect(problem.found).toBe('The model uses operators that Gauntlet does not know: com.microsoft.FusedConv, Frobnicate.');
    expect(problem.wanted).toMatch(/It knows Abs, .*Xor/);
  });

  test('strings that the scores are made of are refused', () => {
    const words = { type: 'string', dims: [10], bytes: new Uint8Array() } as const;
    const graph = classifier(undefined, [node('Add', ['z', 'words'], ['out'])], [null, 10], { words });
    expect(problemOf(graph).found).toBe('The tensor "words" holds strings.');
    const unread = classifier(undefined, undefined, undefined, { words });
    const outputs = [...unread.outputs, { name: 'label', type: 'string' as const, dims: [null] }];
    const label = node('Identity', ['words'], ['label']);
    expect(canonicalise({ ...unread, outputs, nodes: [...unread.nodes, label] }, 20).output).toBe('logits');
  });

  test.each(['Loop', 'Scan'])('%s is refused with the reason', (op) => {
    const problem = problemOf(classifier(undefined, [node(op, ['z'], ['out'])]));
    expect(problem.found).toMatch(new RegExp(`^The model uses ${op}. It repeats a part of the model`));
    expect(problem.fix).toMatch(/for-loop over a fixed number/);
  });

  test('noise in the model is refused', () => {
    expect(problemOf(classifier(undefined, [node('RandomNormalLike', ['z'], ['out'])])).code).toBe('unknown-operators');
  });

  test('a model in training mode is refused with what to do', () => {
    const tail = [node('Dropout', ['z', 'ratio', 'train'], ['out'])];
    const more = { ratio: floatConstant([0.5], []), train: { type: 'bool', dims: [], bytes: Uint8Array.of(1) } as const };
    expect(problemOf(classifier(undefined, tail, undefined, more)).found).toMatch(/call model.eval\(\) before the export/);
  });

  test('too many nodes, too large a tensor, too much arithmetic', () => {
    const chain = Array.from({ length: limits.graphNodes }, (_, i) =>
      node('Relu', [i ? `t${i - 1}` : 'z'], [i < limits.graphNodes - 1 ? `t${i}` : 'out']),
    );
    expect(problemOf(classifier(undefined, chain)).code).toBe('too-many-nodes');
    const blown = (...shape: number[]) =>
      classifier(
        undefined,
        [
          node('Unsqueeze', ['z', 'two'], ['u']),
          node('Expand', ['u', 'shape'], ['e']),
          node('ReduceMean', ['e', 'two'], ['out'], { keepdims: 0 }),
        ],
        undefined,
        { two: int64Constant([2]), shape: int64Constant(shape) },
      );
    expect(problemOf(blown(1, 1, 10 ** 12))).toMatchObject({
      code: 'big-tensor',
      found: expect.stringContaining('"e" [2,10,1000000000000]'),
    });
    const wide = graphOf({
      inputs: [['image', [null, 1, 28, 28]]],
      outputs: [['out', [null, 10]]],
      constants: { a: weight(1, [512, 1, 3, 3]), b: weight(2, [512, 512, 3, 3]), c: weight(3, [10, 512]) },
      nodes: [
        node('Conv', ['image', 'a'], ['c1']),
        node('Conv', ['c1', 'b'], ['c2']),
        node('GlobalAveragePool', ['c2'], ['g']),
        node('Flatten', ['g'], ['f']),
        node('Gemm', ['f', 'c'], ['out'], { transB: 1 }),
      ],
    });
    expect(problemOf(wide)).toMatchObject({ code: 'too-expensive', found: expect.stringMatching(/2\.\d\d GFLOP per image; at most 1.00/) });
  });

  test('shapes that do not fit name the node', () => {
    const bad = classifier(undefined, [node('Gemm', ['z', 'w'], ['out'], { alpha: float(1) })], undefined, {
      w: floatConstant([1, 2], [1, 2]),
    });
    expect(problemOf(bad)).toMatchObject({
      code: 'bad-graph',
      found: expect.stringMatching(/Gemm "Gemm_out": found inputs float32 \[2,10\], float32 \[1,2\]; wanted inner sizes/),
    });
  });
});

describe('whole models', () => {
  test.each([
    ['cnn', cnnModel()],
    ['resnet', resnetModel()],
  ])('%s is the same after canonicalising', async (_, model) => {
    const again = canonicalise(model.graph, 20);
    expect(again.layout).toBe('N,784');
    expect(await logitsOf(again, 3)).toEqual(await logitsOf(model, 3));
  });
});
