// Graphs that each rewrite pass changes, x [N,784] or smaller to y or logits.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import type { Constant, Graph, Node } from '../../../lib/onnx/graph.ts';
import { float, node } from '../../../lib/onnx/node.ts';
import { batchNorm, cnnModel, conv, linear, resnetModel, toImage } from '../../models.ts';
import { caseOf, type Attributes } from './case.ts';

type Constants = Record<string, Constant>;

/** A graph from image [3,1,28,28] nodes to `y`. */
function imageGraph(make: (constants: Constants) => readonly Node[]): Graph {
  const constants: Constants = {};
  const nodes = [toImage(constants), ...make(constants)];
  return caseOf('', { x: [3, 784], constants, nodes }).graph;
}

const vectorGraph = (width: number, make: (constants: Constants) => readonly Node[]): Graph => {
  const constants: Constants = {};
  const nodes = make(constants);
  return caseOf('', { x: [3, width], constants, nodes }).graph;
};

const pool = (input: string, output: string, high: number, wide = high) =>
  node('MaxPool', [input], [output], { kernel_shape: [high, wide], strides: [high, wide] });

export const foldKnown = [
  vectorGraph(6, (constants) => {
    constants.zero = int64Constant([0], []);
    return [
      node('Constant', [], ['factor'], { value: floatConstant([1, 2, 3], [3]) }),
      node('Constant', [], ['rest'], { value: int64Constant([2, 3]) }),
      node('Constant', [], ['axis'], { value: int64Constant([0]) }),
      node('Shape', ['x'], ['dims']),
      node('Gather', ['dims', 'zero'], ['batch']),
      node('Unsqueeze', ['batch', 'axis'], ['first']),
      node('Concat', ['first', 'rest'], ['shape'], { axis: 0 }),
      node('Reshape', ['x', 'shape'], ['cube']),
      node('Mul', ['cube', 'factor'], ['y']),
    ];
  }),
];

export const joinReshapes = [
  vectorGraph(12, (constants) => {
    constants.cube = int64Constant([0, 2, 3, 2]);
    constants.axis = int64Constant([1]);
    return [
      node('Reshape', ['x', 'cube'], ['a']),
      node('Flatten', ['a'], ['b'], { axis: 1 }),
      node('Unsqueeze', ['b', 'axis'], ['c']),
      node('Flatten', ['c'], ['d'], { axis: 2 }),
      node('Squeeze', ['c', 'axis'], ['e']),
      linear(constants, 1, 'b', 'h', [12, 4]),
      linear(constants, 2, 'e', 'i', [12, 4]),
      node('Reshape', ['d', 'cube'], ['f']),
      node('ReduceSum', ['f'], ['g'], { keepdims: 0 }),
      node('Add', ['h', 'i'], ['j']),
      node('Mul', ['j', 'g'], ['y']),
    ];
  }),
];

export const removeIdle = [
  vectorGraph(6, (constants) => {
    constants.shape = int64Constant([0, -1]);
    constants.pads = int64Constant([0, 0, 0, 0]);
    return [
      node('Identity', ['x'], ['a']),
      node('Dropout', ['a'], ['b']),
      node('Cast', ['b'], ['c'], { to: 1 }),
      node('Reshape', ['c', 'shape'], ['d']),
      node('Flatten', ['d'], ['e'], { axis: 1 }),
      node('Transpose', ['e'], ['f'], { perm: [0, 1] }),
      node('Pad', ['f', 'pads'], ['g']),
      node('Mul', ['g', 'a'], ['h']),
      node('Identity', ['h'], ['y']),
    ];
  }),
];

const gemmNorm = (attributes: Attributes, transB: number, bias: readonly number[] | null) =>
  vectorGraph(4, (constants) => {
    constants.w = floatConstant(Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)), transB ? [3, 4] : [4, 3]);
    if (bias) constants.c = floatConstant([0.3, -0.2, 0.5], bias);
    return [node('Gemm', ['x', 'w', ...(bias ? ['c'] : [])], ['g'], { transB, ...attributes }), batchNorm(constants, 7, 'g', 'y', 3)];
  });

export const foldBatchNormalization = [
  cnnModel(3).graph,
  resnetModel(3).graph,
  gemmNorm({}, 1, [3]),
  gemmNorm({ alpha: float(0.5), beta: float(2) }, 0, [1, 3]),
  gemmNorm({ alpha: float(0.5) }, 0, null),
  imageGraph((constants) => [
    { ...conv(constants, 5, 'image', 'c', { from: 1, to: 4 }), inputs: ['image', 'c.w'] },
    batchNorm(constants, 6, 'c', 'n', 4),
    conv(constants, 8, 'n', 'd', { from: 4, to: 6, group: 2 }),
    batchNorm(constants, 9, 'd', 'y', 6),
  ]),
];

const afterActivation = (activation: Node, extra: Constants = {}) =>
  imageGraph((constants) => {
    Object.assign(constants, extra);
    return [conv(constants, 5, 'image', 'c', { from: 1, to: 3 }), activation, pool('a', 'y', 2)];
  });

export const poolFirst = [
  afterActivation(node('Relu', ['c'], ['a'])),
  afterActivation(node('LeakyRelu', ['c'], ['a'], { alpha: float(0.2) })),
  afterActivation(node('Sigmoid', ['c'], ['a'])),
  afterActivation(node('Tanh', ['c'], ['a'])),
  afterActivation(node('Clip', ['c', 'low', 'high'], ['a']), { low: floatConstant([-0.3], []), high: floatConstant([0.4], []) }),
];

const convPool = (sizes: { kernel: number; pad: number }, high: number, wide = high) =>
  imageGraph((constants) => [conv(constants, 5, 'image', 'c', { from: 1, to: 3, ...sizes }), pool('c', 'y', high, wide)]);

export const convolvePhases = [
  convPool({ kernel: 3, pad: 1 }, 2),
  convPool({ kernel: 5, pad: 0 }, 2),
  convPool({ kernel: 4, pad: 0 }, 2),
  convPool({ kernel: 3, pad: 0 }, 3, 2),
  convPool({ kernel: 7, pad: 2 }, 4),
  imageGraph((constants) => [{ ...conv(constants, 5, 'image', 'c', { from: 1, to: 3 }), inputs: ['image', 'c.w'] }, pool('c', 'y', 2)]),
  imageGraph((constants) => [
    conv(constants, 5, 'image', 'c', { from: 1, to: 4 }), node('Relu', ['c'], ['r']),
    conv(constants, 6, 'r', 'd', { from: 4, to: 5 }), pool('d', 'y', 2),
  ]),
];

export const poolTree = [
  cnnModel(3).graph,
  imageGraph(() => [pool('image', 'y', 2)]),
  imageGraph(() => [pool('image', 'y', 3)]),
  imageGraph(() => [pool('image', 'y', 4, 3)]),
  imageGraph((constants) => [conv(constants, 5, 'image', 'c', { from: 1, to: 3 }), pool('c', 'p', 2), node('Relu', ['p'], ['y'])]),
];

const denseAfter = (perm: readonly number[], dims: readonly number[], flatten: (constants: Constants) => Node, transB: number) =>
  vectorGraph(24, (constants) => {
    constants.dims = int64Constant(dims);
    constants.w = floatConstant(Float32Array.from({ length: 72 }, (_, i) => Math.sin(i)), transB ? [3, 24] : [24, 3]);
    return [
      node('Reshape', ['x', 'dims'], ['r']),
      node('Transpose', ['r'], ['t'], { perm }),
      flatten(constants),
      node('Gemm', ['f', 'w'], ['y'], { transB }),
    ];
  });
const flatten = () => node('Flatten', ['t'], ['f'], { axis: 1 });
const reshape = (constants: Constants) => {
  constants.flat = int64Constant([0, -1]);
  return node('Reshape', ['t', 'flat'], ['f']);
};

export const permuteDense = [
  denseAfter([0, 3, 1, 2], [3, 2, 3, 4], flatten, 1),
  denseAfter([0, 3, 1, 2], [3, 2, 3, 4], reshape, 0),
  denseAfter([0, 2, 1], [3, 4, 6], reshape, 1),
];

export const removeUnread = [
  vectorGraph(6, (constants) => [
    linear(constants, 3, 'x', 'unused', [6, 4]), node('Relu', ['unused'], ['unused too']), linear(constants, 4, 'x', 'y', [6, 3]),
  ]),
];
