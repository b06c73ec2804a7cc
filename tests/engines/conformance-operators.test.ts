// Every operator alone: what the engine tensorflow computes and pulls back, beside ONNX Runtime and the gradient compiler.
import ort from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { differentiatePlain } from '../../lib/autodiff/compile.ts';
import { loadTensorFlow, type Library } from '../../lib/engines/tensorflow/load.ts';
import { forwardOnly, operators } from '../../lib/engines/tensorflow/operators/index.ts';
import { programOf } from '../../lib/engines/tensorflow/program.ts';
import { encodeGraph } from '../../lib/onnx/codec.ts';
import type { Graph } from '../../lib/onnx/graph.ts';
import { inferShapes } from '../../lib/onnx/shapes.ts';
import { sizeOf } from '../../lib/tensor.ts';
import { cases as gradientCases } from '../autodiff/cases/index.ts';
import { relativeError, runnerOf } from '../autodiff/run.ts';
import { uniform } from '../models.ts';
import { build } from '../onnx/build-case.ts';
import { operatorCases, type Case } from '../onnx/operator-cases.ts';

let library: Library;
beforeAll(async () => {
  library = await loadTensorFlow('cpu');
});

/** The first operator that the interpreter would have to run and has not. */
function lacks(graph: Graph): string | undefined {
  const { values } = inferShapes(graph, 1);
  return graph.nodes.find(({ op, outputs }) => !Object.hasOwn(operators, op) && !outputs.every((name) => values.has(name)))?.op;
}

/** Values of every output by the interpreter, as numbers. */
function interpreted(graph: Graph, feeds: readonly (readonly [string, Float32Array, readonly number[]])[]): number[][] {
  const { tf } = library;
  const before = tf.memory().numTensors;
  const program = programOf(tf, graph, 2);
  const inputs = feeds.map(([, data, dims]) => tf.tensor(data, [...dims]));
  let found: number[][] = [];
  tf.tidy(() => {
    found = program.run(inputs).map((value, i) => {
      expect(value.shape).toEqual(graph.outputs[i].dims);
      return Array.from(value.dataSync(), Number);
    });
  });
  program.dispose();
  tf.dispose(inputs);
  expect(tf.memory().numTensors).toBe(before);
  return found;
}

/** ONNX Runtime pads wrongly where it wraps around more than once; the gradient's cases wrap within once. */
const disputed = ({ attributes }: Case) => attributes?.mode === 'wrap';
const forward = Object.entries(operatorCases).flatMap(([op, list]) =>
  (list as readonly Case[]).map((each, i) => [op, i, each] as const).filter(([, , each]) => !disputed(each)),
);

describe('forward', () => {
  test.each(forward)('%s, case %d', async (op, _, each) => {
    const { graph, open } = build(op, each);
    if (lacks(graph)) {
      expect(() => programOf(library.tf, graph, 2)).toThrow(`The engine tensorflow has no operator ${op}`);
      return;
    }
    const feeds = open.map(([name, dims], i) => [name, uniform(40 + i, sizeOf(dims), 0.1, 0.9), dims] as const);
    const session = await ort.InferenceSession.create(encodeGraph(graph), { intraOpNumThreads: 1, graphOptimizationLevel: 'disabled', logSeverityLevel: 4 });
    const wanted = await session.run(Object.fromEntries(feeds.map(([name, data, dims]) => [name, new ort.Tensor('float32', data, dims)])));
    const found = interpreted(graph, feeds);
    graph.outputs.forEach(({ name }, output) => {
      // ONNX leaves a Dropout's mask and what is not asked for open; what is asked for must agree.
      const numbers = Array.from(wanted[name].data as Float32Array, Number);
      expect(found[output]).toHaveLength(numbers.length);
      numbers.forEach((value, i) => {
        if (Number.isFinite(value)) expect(Math.abs(found[output][i] - value), `element ${i}`).toBeLessThan(1e-4 * (1 + Math.abs(value)));
        else expect(found[output][i]).toBe(value);
      });
    });
    await session.release();
  });

  test('runs the operators that students bring', () => {
    const must = `Gemm MatMul Conv ConvTranspose Add Sub Mul Div Neg Pow Sqrt Reciprocal Exp Log Abs Erf Sin Cos Min Max Sum Mean Clip Where
      Relu LeakyRelu PRelu Elu Selu Celu Gelu Sigmoid HardSigmoid HardSwish Mish Softplus Softsign Tanh ThresholdedRelu Softmax LogSoftmax
      BatchNormalization InstanceNormalization LayerNormalization GroupNormalization LpNormalization LRN Dropout MaxPool AveragePool
      GlobalAveragePool GlobalMaxPool ReduceMean ReduceSum ReduceMax ReduceMin ReduceL2 ReduceSumSquare ReduceLogSumExp Reshape Flatten
      Transpose Squeeze Unsqueeze Concat Split Slice Pad Expand Tile Gather GatherElements DepthToSpace SpaceToDepth Identity Cast Resize`;
    expect(must.split(/\s+/).filter((op) => !Object.hasOwn(operators, op))).toEqual([]);
  });
});

/** dx by the interpreter's tape and by the compiled graph, of the same cotangent at the same x. */
async function bothGradients(graph: Graph, x: Float32Array): Promise<[Float32Array, Float32Array]> {
  const u = uniform(11, sizeOf(graph.outputs[0].dims as number[]));
  const { dx } = await (await runnerOf(differentiatePlain(graph, 1, 'cotangent')))({ x, dLogits: u });
  const { tf } = library;
  const before = tf.memory().numTensors;
  const program = programOf(tf, graph, 1);
  const input = tf.tensor(x, graph.inputs[0].dims as number[]);
  const found = program.pullBack(input, () => u);
  program.dispose();
  input.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return [found.dx, dx];
}

const backward = Object.entries(gradientCases).flatMap(([op, list]) => list.map((each) => [op, each.name || 'plain', each] as const));

describe('gradient', () => {
  test.each(backward)('%s, %s', async (op, _, { graph, x }) => {
    const missing = lacks(graph);
    if (missing) {
      expect(() => programOf(library.tf, graph, 1)).toThrow(`The engine tensorflow has no operator ${missing}`);
      return;
    }
    if (forwardOnly.includes(op)) return;
    const [found, wanted] = await bothGradients(graph, x);
    expect(relativeError(found, wanted)).toBeLessThan(1e-3);
  });

  const kinked = [
    'MaxPool', 'GlobalMaxPool', 'Max', 'Min', 'ReduceMax', 'ReduceMin', 'ReduceL1', 'ReduceL2', 'Relu', 'LeakyRelu', 'PRelu', 'Elu', 'Selu',
    'Celu', 'Abs', 'Clip', 'ThresholdedRelu', 'HardSwish', 'HardSigmoid', 'Softsign',
  ];
  const ties = backward.filter(([op]) => kinked.includes(op));
  test.each(ties)('%s, %s: at ties and kinks, the same choice', async (_, __, { graph, x }) => {
    const [found, wanted] = await bothGradients(graph, x.map((value) => Math.round(value)));
    expect(relativeError(found, wanted)).toBeLessThan(1e-6);
  });
});
