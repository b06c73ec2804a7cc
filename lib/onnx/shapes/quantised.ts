// Shape rules of quantised models: the pairs around each operator, and operators on integers.
import type { ElementType } from '../graph.ts';
import { windowsOf } from '../geometry.ts';
import { int } from '../node.ts';
import { input, misfit, type Call, type ShapeRule } from './call.ts';
import { MatMul } from './linear.ts';

function checkScale(call: Call, index: number): void {
  const { dims } = input(call, 0);
  const scale = input(call, index);
  const axis = int(call.node, 'axis', 1);
  const perAxis = scale.dims.length === 1 && scale.dims[0] === dims[axis < 0 ? axis + dims.length : axis];
  const single = scale.dims.length === 0 || String(scale.dims) === '1';
  if (!single && !perAxis) throw misfit(call, 'one scale, or one per element of the axis');
}

export const QuantizeLinear: ShapeRule = (call) => {
  checkScale(call, 1);
  return [{ dims: input(call).dims, type: call.inputs[2]?.type ?? 'uint8' }];
};

export const DequantizeLinear: ShapeRule = (call) => {
  checkScale(call, 1);
  return [{ dims: input(call).dims, type: input(call, 1).type }];
};

export const DynamicQuantizeLinear: ShapeRule = (call) => [
  { dims: input(call).dims, type: 'uint8' }, { dims: [], type: 'float32' }, { dims: [], type: 'uint8' },
];

/** Shape of a convolution of input `x` with the weights of input `w`. */
const convolved = (x: number, w: number, type: (call: Call) => ElementType): ShapeRule => (call) => {
  const [image, weight] = [input(call, x), input(call, w)];
  const [to, from, ...kernel] = weight.dims;
  if (image.dims.length !== weight.dims.length || image.dims[1] !== from * int(call.node, 'group', 1)) {
    throw misfit(call, 'an image [N, C, ...] and a weight [M, C / group, ...]');
  }
  return [{ dims: [image.dims[0], to, ...windowsOf(call.node, image.dims.slice(2), kernel).output], type: type(call) }];
};

const multiplied = (a: number, b: number, type: (call: Call) => ElementType): ShapeRule => (call) => {
  const [product] = MatMul({ ...call, inputs: [input(call, a), { ...input(call, b), type: input(call, a).type }] });
  return [{ dims: product.dims, type: type(call) }];
};

export const ConvInteger = convolved(0, 1, () => 'int32'), QLinearConv = convolved(0, 3, (call) => input(call, 7).type);
export const MatMulInteger = multiplied(0, 1, () => 'int32'), QLinearMatMul = multiplied(0, 3, (call) => input(call, 7).type);
