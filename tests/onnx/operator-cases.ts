// For every operator with a shape rule, a few nodes to run: in the table of the rules' own names, so that none is forgotten.
import { constantOf, floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import type { Constant, ElementType } from '../../lib/onnx/graph.ts';
import { float, type AttributeValue } from '../../lib/onnx/node.ts';
import type { shapeRules } from '../../lib/onnx/shapes/index.ts';
import { sizeOf } from '../../lib/tensor.ts';
import { uniform } from '../models.ts';

/** `inputs`: dimensions of a float32 tensor of the graph's input, or a constant, or null for an absent one. */
export type Case = {
  inputs: readonly (readonly number[] | Constant | null)[];
  attributes?: Readonly<Record<string, AttributeValue>>;
  outputs?: number;
};

const one = (inputs: Case['inputs'], attributes?: Case['attributes'], outputs?: number): Case => ({ inputs, attributes, outputs });
const ints = int64Constant;
const scalar = (value: number) => int64Constant([value], []);
const floats = (...dims: number[]) => floatConstant(uniform(5, sizeOf(dims)), dims);
const typed = (type: ElementType, values: number[], dims: readonly number[] = [values.length]) => constantOf(type, values, dims);
const byteImage = typed('uint8', Array.from({ length: 50 }, (_, i) => i), [1, 2, 5, 5]);
const bools = (...values: number[]) => typed('bool', values);
const ramp = (...dims: number[]) => int64Constant(Array.from({ length: sizeOf(dims) }, (_, i) => i), dims);

const unary = [one([[2, 3, 4]]), one([floats(2, 3)])];
const unarySmall = [one([[2, 3]])];
const binary = [one([[2, 3, 4], [3, 1]]), one([[4], [2, 1]]), one([ints([7, -7, 9]), ints([2, 2, -4])]), one([floats(2, 3), floats(3)])];
const comparison = [one([[2, 3], [3]]), one([ints([1, 2, 3]), ints([2, 2, 2])]), one([floats(3), floats(2, 1)])];
const logical = [one([bools(0, 0, 1, 1), bools(0, 1, 0, 1)])];
const variadic = [one([[2, 3], [3], [2, 1]]), one([floats(2, 3), floats(1)])];
const image = [2, 3, 9, 8];
const pool = [
  one([image], { kernel_shape: [2, 2], strides: [2, 2] }),
  one([image], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
  one([image], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  one([image], { kernel_shape: [2, 2], strides: [3, 3], pads: [0, 0, 1, 1], ceil_mode: 1 }),
  one([image], { kernel_shape: [3, 2], strides: [2, 3], auto_pad: 'SAME_UPPER' }),
  one([image], { kernel_shape: [3, 2], strides: [2, 3], auto_pad: 'SAME_LOWER' }),
  one([image], { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'VALID' }),
  one([[2, 3, 9]], { kernel_shape: [2] }),
];
const dilatedPool = [...pool, one([image], { kernel_shape: [2, 2], dilations: [2, 3] })];
const reduction = [
  one([[2, 3, 4], ints([1])]), one([[2, 3, 4], ints([-1, 0])], { keepdims: 0 }), one([[2, 3]]), one([[2, 3]], { noop_with_empty_axes: 1 }),
];
const foldedReduction = [...reduction, one([ramp(2, 3), ints([1])], { keepdims: 0 }), one([floats(2, 3)])];

export const operatorCases = {
  Abs: [...unary, one([ints([-1, 2])])], Acos: unary, Acosh: unary, Asin: unary, Asinh: unary, Atan: unary, Atanh: unary, Ceil: unary,
  Celu: unary, Cos: unary, Cosh: unary, Elu: unary, Erf: unary, Exp: unary, Floor: unary, Gelu: unary, HardSigmoid: unary,
  HardSwish: unary, Hardmax: unary, Identity: [...unary, one([ramp(2, 2)])], LeakyRelu: unary, Log: unary, LogSoftmax: unary, Mish: unary,
  Neg: [...unary, one([ints([3, -4])])], Not: [one([bools(0, 1)])], Reciprocal: unary, Relu: unary, Round: unary, Selu: unary,
  Shrink: unary, Sigmoid: unary, Sign: unary, Sin: unary, Sinh: unary, Softmax: unary, Softplus: unary, Softsign: unary, Sqrt: unary,
  Tan: unary, Tanh: unary, ThresholdedRelu: unary,
  LRN: [one([image], { size: 3 })], LpNormalization: [one([[2, 3]])], MeanVarianceNormalization: [one([image])],
  CumSum: [one([[2, 3], scalar(1)])], Trilu: unarySmall,
  Add: binary, Sub: binary, Mul: binary, Div: binary,
  Mod: [one([ints([7, -7, 9]), ints([2, 2, -4])]), one([floats(3), floats(3)], { fmod: 1 })],
  Max: [...variadic, one([ints([1, 5]), ints([3, 2])])], Min: variadic, Sum: variadic, Mean: variadic,
  And: logical, Or: logical, Xor: logical,
  Equal: comparison, Less: comparison, LessOrEqual: comparison, Greater: comparison, GreaterOrEqual: comparison,
  Pow: [one([[2, 3], [3]]), one([[2, 3], ints([2])]), one([ints([2, 3]), ints([3, 2])])],
  PRelu: [one([[2, 3, 4, 4], [3, 1, 1]]), one([[2, 3], [1]])],
  Clip: [one([[2, 3], floatConstant([-0.5], []), null]), one([[2, 3], null, floatConstant([0.5], [])]), one([[2, 3]])],
  Where: [one([bools(0, 1, 1), [2, 3], [1]]), one([bools(1, 0), ints([1, 2]), ints([3, 4])])],
  Cast: [one([[2, 3]], { to: 7 }), one([floats(4)], { to: 6 }), one([floatConstant([-1.7, 2.9], [2])], { to: 7 }),
    one([ints([0, 3])], { to: 9 }), one([ints([5])], { to: 1 })],
  CastLike: [one([[2, 3], ints([1])]), one([ints([2]), floats(1)])],
  IsNaN: unarySmall, IsInf: unarySmall,
  Gemm: [
    one([[2, 3], floats(3, 4)]), one([[3, 2], floats(4, 3), floats(4)], { transA: 1, transB: 1 }),
    one([[2, 3], floats(3, 4), floats(2, 1)], { alpha: float(2) }),
  ],
  MatMul: [one([[2, 3], [3, 4]]), one([[3], [3, 4]]), one([[2, 3], [3]]), one([[3], [3]]), one([[5, 1, 2, 3], [4, 3, 2]])],
  Einsum: [
    one([[2, 3], [3, 4]], { equation: 'ij,jk->ik' }), one([[2, 3, 4], [2, 5, 4]], { equation: '...id, ...jd -> ...ij' }),
    one([[2, 3], [3, 4]], { equation: 'ij,jk' }), one([[2, 3, 4]], { equation: 'b...->...b' }), one([[2, 3]], { equation: 'ij->' }),
  ],
  QuantizeLinear: [
    one([image, floatConstant([0.1], []), typed('uint8', [3], [])]), one([image, floatConstant([0.1], [])]),
    one([image, floatConstant([0.1, 0.2, 0.3], [3]), typed('int8', [0, 0, 0])], { axis: 1 }),
  ],
  DequantizeLinear: [
    one([typed('int8', [1, -2, 3, 4, 5, 6], [3, 2]), floatConstant([0.1, 0.2, 0.3], [3]), typed('int8', [0, 1, 2])], { axis: 0 }),
    one([typed('uint8', [1, 2, 200]), floatConstant([0.1], []), typed('uint8', [7], [])]),
  ],
  DynamicQuantizeLinear: [one([[2, 3]], {}, 3)],
  ConvInteger: [one([byteImage, typed('uint8', [1, 2, 3, 4], [2, 2, 1, 1])])],
  QLinearConv: [
    one([
      byteImage, floatConstant([0.1], []), typed('uint8', [3], []),
      typed('uint8', [1, 2, 3, 4], [2, 2, 1, 1]), floatConstant([0.2], []), typed('uint8', [2], []),
      floatConstant([0.3], []), typed('uint8', [9], []),
    ], { strides: [2, 2] }),
  ],
  MatMulInteger: [one([typed('uint8', [1, 2, 3, 4, 5, 6], [2, 3]), typed('uint8', [1, 2, 3], [3, 1])])],
  QLinearMatMul: [
    one([
      typed('uint8', [1, 2, 3, 4, 5, 6], [2, 3]), floatConstant([0.1], []), typed('uint8', [3], []),
      typed('uint8', [1, 2, 3], [3, 1]), floatConstant([0.2], []), typed('uint8', [2], []),
      floatConstant([0.3], []), typed('uint8', [9], []),
    ]),
  ],
  Conv: [
    one([image, floats(4, 3, 3, 3)]), one([image, floats(4, 3, 3, 3), floats(4)], { pads: [1, 0, 2, 1], strides: [2, 1] }),
    one([image, floats(6, 1, 3, 2)], { group: 3, dilations: [2, 2] }),
    one([image, floats(2, 3, 3, 3)], { auto_pad: 'SAME_LOWER', strides: [2, 2] }),
    one([image, floats(2, 3, 3, 3)], { auto_pad: 'VALID', strides: [2, 2] }), one([[2, 3, 9], floats(4, 3, 3)], { pads: [1, 1] }),
  ],
  ConvTranspose: [
    one([image, floats(3, 4, 3, 3)]),
    one([image, floats(3, 2, 3, 3), floats(2)], { strides: [2, 2], pads: [1, 1, 1, 1], output_padding: [1, 0] }),
    one([image, floats(3, 2, 2, 2)], { group: 3, strides: [2, 2] }),
    one([image, floats(3, 1, 3, 3)], { auto_pad: 'SAME_UPPER', strides: [2, 2] }),
    one([image, floats(3, 1, 3, 3)], { output_shape: [17, 16], strides: [2, 2] }), one([image, floats(3, 1, 3, 3)], { dilations: [2, 2] }),
  ],
  MaxPool: [...dilatedPool, one([image], { kernel_shape: [2, 2] }, 2)], AveragePool: dilatedPool, LpPool: [pool[0], pool[1]],
  MaxUnpool: [
    one([[1, 1, 2, 2], int64Constant([0, 3, 9, 15], [1, 1, 2, 2])], { kernel_shape: [2, 2], strides: [2, 2] }),
    one([[1, 1, 2, 2], int64Constant([0, 3, 9, 15], [1, 1, 2, 2]), ints([1, 1, 5, 5])], { kernel_shape: [2, 2], strides: [2, 2] }),
  ],
  GlobalAveragePool: [one([image]), one([[2, 3, 5]])], GlobalMaxPool: [one([image])], GlobalLpPool: [one([image])],
  DepthToSpace: [one([[2, 8, 3, 4]], { blocksize: 2 })], SpaceToDepth: [one([[2, 2, 4, 6]], { blocksize: 2 })],
  InstanceNormalization: [one([image, floats(3), floats(3)])],
  BatchNormalization: [one([image, floats(3), floats(3), floats(3), floatConstant([1, 2, 3], [3])]),
    one([[4, 3], floats(3), floats(3), floats(3), floatConstant([1, 2, 3], [3])])],
  GroupNormalization: [one([[2, 4, 5, 5], floats(2), floats(2)], { num_groups: 2 })],
  LayerNormalization: [one([[2, 3, 4], floats(4), floats(4)]), one([[2, 3, 4], floats(3, 4)], { axis: 1 }, 3)],
  Dropout: [one([[2, 3]]), one([[2, 3], floatConstant([0.3], [])])],
  Resize: [
    one([image, null, floatConstant([1, 1, 2, 1.5], [4])], { mode: 'linear' }),
    one([image, null, null, ints([2, 3, 5, 5])], { mode: 'nearest' }),
    one([image, null, null, ints([5, 5])], { mode: 'cubic', axes: [2, -1] }),
    one([[1, 1, 28, 28], null, floatConstant([1, 1, 15 / 28, 15 / 28], [4])], { mode: 'linear' }),
    one([image, null, null, ints([2, 3, 4, 11])], { mode: 'linear', antialias: 1 }),
    one([image, null, null, ints([2, 3, 3, 5])], { mode: 'cubic', antialias: 1, exclude_outside: 1 }),
  ],
  GridSample: [one([image, [2, 4, 5, 2]]), one([image, floats(2, 4, 5, 2)], { mode: 'nearest', align_corners: 1 })],
  AffineGrid: [one([[2, 2, 3], ints([2, 3, 4, 5])]), one([[2, 2, 3], ints([2, 3, 4, 5])], { align_corners: 1 })],
  ReduceMean: reduction, ReduceSum: foldedReduction, ReduceMax: foldedReduction, ReduceMin: foldedReduction, ReduceProd: foldedReduction,
  ReduceL1: reduction, ReduceL2: reduction, ReduceSumSquare: reduction, ReduceLogSum: reduction, ReduceLogSumExp: reduction,
  ArgMax: [one([[2, 3]], { axis: 1 }), one([[2, 3]], { axis: -2, keepdims: 0 })], ArgMin: [one([[2, 3]])],
  TopK: [one([[2, 5], ints([3])], {}, 2), one([[5, 2], ints([2])], { axis: 0 }, 2)],
  Reshape: [
    one([[2, 3, 4], ints([0, -1])]), one([[2, 3, 4], ints([4, 6])]), one([ramp(2, 3), ints([-1])]),
    one([[2, 3], ints([3, 2])], { allowzero: 1 }),
  ],
  Flatten: [one([[2, 3, 4]]), one([[2, 3, 4]], { axis: 0 }), one([[2, 3, 4]], { axis: -1 }), one([[2, 3, 4]], { axis: 3 })],
  Transpose: [one([[2, 3, 4]]), one([[2, 3, 4]], { perm: [1, 2, 0] }), one([ramp(2, 3, 2)], { perm: [1, 2, 0] }), one([ramp(2, 3)])],
  Squeeze: [one([[2, 1, 3, 1]]), one([[2, 1, 3, 1], ints([-1])]), one([ramp(1, 2), ints([0])])],
  Unsqueeze: [one([[2, 3], ints([0, -1])]), one([ramp(3), ints([1])]), one([[2], ints([2, 0])])],
  Concat: [one([[2, 3], [2, 1]], { axis: 1 }), one([[2, 3], [4, 3]], { axis: -2 }), one([ramp(2, 2), ramp(2, 1)], { axis: 1 }),
    one([ints([1]), ints([2, 3])], { axis: 0 })],
  Split: [
    one([[2, 7]], { axis: 1, num_outputs: 3 }, 3), one([[2, 7], ints([3, 4])], { axis: -1 }, 2), one([ramp(5), ints([2, 3])], {}, 2),
  ],
  Slice: [
    one([[4, 5, 6], ints([1, -3]), ints([3, 1000]), ints([0, 2])]), one([ramp(7), ints([-1]), ints([-1000]), ints([0]), ints([-2])]),
    one([ramp(7), ints([-1000]), ints([-1000]), ints([0]), ints([-1])]),
    one([ramp(3, 4), ints([1, 0]), ints([3, 4]), ints([-1, 0]), ints([1, 2])]),
    one([ramp(5), ints([4]), ints([2])]), one([ramp(5), ints([1]), ints([Number.MAX_SAFE_INTEGER])]),
  ],
  Pad: [
    one([[2, 3], ints([1, 0, 0, 2])]), one([[2, 3], ints([1, 1]), null, ints([-1])]), one([[2, 5], ints([0, -1, 0, 2])], { mode: 'edge' }),
    one([[2, 3, 4, 4], ints([0, 0, 1, 1, 0, 0, 2, 1])], { mode: 'reflect' }), one([[2, 3], ints([0, 1, 0, 1]), floatConstant([2], [])]),
    one([[2, 3], ints([0, 4, 0, 4])], { mode: 'wrap' }),
  ],
  Expand: [one([[3, 1], ints([2, 1, 4])]), one([ramp(2, 1), ints([2, 3])]), one([[2, 3], ints([1])])],
  Tile: [one([[2, 3], ints([2, 1])]), one([ramp(2, 2), ints([1, 2])])],
  Gather: [
    one([[2, 3, 4], ints([0, 2])], { axis: 1 }), one([ramp(4), scalar(-1)]), one([ramp(3, 2), int64Constant([2, 0, 1, 1], [2, 2])]),
    one([ramp(3, 2), ints([1])], { axis: 1 }),
  ],
  GatherElements: [one([[2, 3], int64Constant([0, 2, 1, 1], [2, 2])], { axis: 1 })],
  GatherND: [one([[2, 3, 4], int64Constant([0, 1, 1, 2], [2, 2])]), one([[2, 3, 4], int64Constant([0, 1], [2, 1])], { batch_dims: 1 })],
  ScatterElements: [one([[2, 3], int64Constant([0, 2], [2, 1]), [2, 1]], { axis: 1 })],
  ScatterND: [one([[4, 3], int64Constant([0, 2], [2, 1]), [2, 3]])],
  Constant: [one([], { value: floats(2, 2) }), one([], { value_int: 3 }), one([], { value_ints: [1, 2] }),
    one([], { value_float: float(0.5) })],
  Shape: [one([[2, 3, 4]]), one([[2, 3, 4]], { start: 1 }), one([[2, 3, 4]], { start: -2, end: -1 })],
  Size: [one([[2, 3, 4]])],
  ConstantOfShape: [one([ints([2, 3])]), one([ints([2])], { value: int64Constant([7]) }), one([ints([])])],
  Range: [one([scalar(0), scalar(5), scalar(2)]), one([scalar(5), scalar(0), scalar(-2)]),
    one([floatConstant([0], []), floatConstant([1], []), floatConstant([0.25], [])])],
  OneHot: [one([ramp(3), scalar(4), floatConstant([0, 1], [2])]), one([ramp(3), scalar(4), floatConstant([0, 1], [2])], { axis: 0 })],
} satisfies Record<keyof typeof shapeRules, readonly Case[]>;
