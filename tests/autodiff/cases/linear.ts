// Cases of the rules in rules/linear.ts.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import type { Constant } from '../../../lib/onnx/graph.ts';
import { float, node } from '../../../lib/onnx/node.ts';
import { sizeOf } from '../../../lib/tensor.ts';
import { uniform, weight } from '../../models.ts';
import { caseOf, type Attributes, type Case } from './case.ts';

type Dims = readonly number[];

const applied = (op: 'Conv' | 'ConvTranspose') => (name: string, x: Dims, w: Dims, attributes: Attributes = {}): Case =>
  caseOf(name, { x, constants: { w: weight(3, w) }, nodes: [node(op, ['x', 'w'], ['y'], attributes)] });

const conv = applied('Conv');
const back = applied('ConvTranspose');

export const Conv = [
  conv('one channel, padded', [2, 1, 5, 4], [3, 1, 3, 3], { pads: [1, 1, 1, 1] }),
  conv('many channels', [1, 8, 3, 3], [2, 8, 3, 3], { pads: [1, 1, 1, 1] }),
  conv('many channels, uneven padding and kernel', [1, 8, 4, 3], [2, 8, 3, 2], { pads: [0, 1, 2, 0] }),
  conv('padding wider than the kernel', [1, 8, 3, 2], [2, 8, 2, 2], { pads: [3, 2, 1, 3] }),
  conv('many channels, dilated', [1, 8, 3, 4], [2, 8, 2, 2], { dilations: [2, 3], pads: [1, 1, 1, 1] }),
  conv('stride that leaves a remainder', [1, 2, 6, 7], [3, 2, 3, 3], { strides: [2, 3], pads: [1, 0, 0, 1] }),
  conv('stride wider than the kernel', [1, 2, 6, 7], [3, 2, 1, 2], { strides: [2, 3] }),
  conv('stride and dilation', [1, 2, 7, 7], [2, 2, 2, 3], { strides: [2, 2], dilations: [3, 1], pads: [2, 1, 2, 1] }),
  conv('groups', [1, 4, 4, 4], [6, 2, 3, 3], { group: 2, pads: [1, 1, 1, 1] }),
  conv('groups and stride', [1, 4, 5, 4], [2, 2, 3, 3], { group: 2, strides: [2, 2], pads: [1, 1, 1, 1] }),
  conv('depthwise with two outputs each', [1, 4, 4, 4], [8, 1, 3, 3], { group: 4, pads: [1, 1, 1, 1] }),
  conv('auto_pad SAME_UPPER', [1, 2, 5, 6], [2, 2, 2, 3], { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
  conv('auto_pad SAME_LOWER', [1, 8, 3, 4], [2, 8, 2, 4], { auto_pad: 'SAME_LOWER' }),
  conv('auto_pad VALID', [1, 2, 5, 5], [2, 2, 3, 3], { auto_pad: 'VALID' }),
  conv('one spatial axis', [2, 8, 6], [3, 8, 3], { pads: [1, 1] }),
];
export const ConvTranspose = [
  back('plain', [1, 2, 3, 4], [2, 3, 3, 2]),
  back('stride, padding and output padding', [1, 2, 3, 4], [2, 3, 3, 3], { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 1] }),
  back('output padding beyond the padding', [1, 2, 3, 3], [2, 3, 2, 2], { strides: [2, 2], output_padding: [1, 0] }),
  back('groups', [1, 4, 3, 3], [4, 2, 3, 3], { group: 2, pads: [1, 0, 0, 1] }),
  back('dilation', [1, 2, 3, 3], [2, 2, 2, 3], { dilations: [2, 1], strides: [1, 2] }),
  back('auto_pad SAME_UPPER', [1, 2, 3, 3], [2, 2, 3, 3], { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
  back('output shape', [1, 2, 3, 3], [2, 2, 3, 3], { output_shape: [6, 5], strides: [2, 2] }),
];

const gemm = (name: string, a: Dims, m: Dims, attributes: Attributes): Case =>
  caseOf(name, {
    x: a, constants: { m: weight(4, m), c: weight(5, [1, 3]) },
    nodes: [node('Gemm', ['x', 'm', 'c'], ['y'], { alpha: float(1.5), beta: float(0.5), ...attributes })],
  });

/** Gemm with all three operands made of x [20]: A [2,4], B [4,2], C by broadcasting. */
function allOperands(name: string, c: Dims, attributes: Attributes): Case {
  const size = sizeOf(c);
  const constants: Record<string, Constant> = {
    parts: int64Constant([8, 8, 4 - size, size].filter((part) => part > 0)),
    a: int64Constant(attributes.transA ? [4, 2] : [2, 4]),
    b: int64Constant(attributes.transB ? [2, 4] : [4, 2]),
    c: int64Constant(c),
  };
  const parts = size < 4 ? ['xa', 'xb', 'rest', 'xc'] : ['xa', 'xb', 'xc'];
  return caseOf(name, {
    x: [20], constants,
    nodes: [
      node('Split', ['x', 'parts'], parts, { axis: 0 }),
      ...['a', 'b', 'c'].map((operand) => node('Reshape', [`x${operand}`, operand], [operand.toUpperCase()])),
      node('Gemm', ['A', 'B', 'C'], ['y'], { alpha: float(0.7), beta: float(2), ...attributes }),
    ],
  });
}

export const Gemm = [
  gemm('plain', [2, 4], [4, 3], {}),
  gemm('transB', [2, 4], [3, 4], { transB: 1 }),
  gemm('transA', [4, 2], [4, 3], { transA: 1 }),
  gemm('transA and transB', [4, 2], [3, 4], { transA: 1, transB: 1 }),
  allOperands('all operands', [2, 2], {}),
  allOperands('all operands, transA, C a row', [2], { transA: 1 }),
  allOperands('all operands, transB, C a column', [2, 1], { transB: 1 }),
  allOperands('all operands, transA and transB, C one number', [1], { transA: 1, transB: 1 }),
];

const times = (name: string, x: Dims, m: Dims, left = false): Case => {
  const nodes = [node('MatMul', left ? ['m', 'x'] : ['x', 'm'], ['y'])];
  return caseOf(name, { x, constants: { m: floatConstant(uniform(8, sizeOf(m)), m) }, nodes });
};

export const MatMul = [
  times('matrix', [3, 4], [4, 2]),
  times('matrix from the left', [4, 3], [2, 4], true),
  times('batch times matrix', [2, 3, 4], [4, 2]),
  times('matrix times batch', [3, 4], [2, 4, 2]),
  times('batch from the left', [4, 3], [2, 2, 4], true),
  times('batches that broadcast', [2, 1, 3, 4], [3, 4, 2]),
  times('row vector', [4], [4, 3]),
  times('row vector times batch', [4], [2, 4, 3]),
  times('column vector', [2, 3, 4], [4]),
  times('column vector from the right', [4], [2, 3, 4], true),
  times('dot product', [4], [4]),
  caseOf('both operands', {
    x: [2, 3, 3], nodes: [node('Transpose', ['x'], ['t'], { perm: [0, 2, 1] }), node('MatMul', ['x', 't'], ['y'])],
  }),
];
