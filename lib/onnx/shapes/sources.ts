// Shape rules of operators that make tensors out of nothing but shapes and constants.
import { floatConstant, int64Constant, numbersOf } from '../constants.ts';
import { sizeOf } from '../../tensor.ts';
import type { Constant as Tensor } from '../graph.ts';
import { int, nameOf } from '../node.ts';
import { ModelError } from '../error.ts';
import { input, integersAt, misfit, type ShapeRule, type Value } from './call.ts';

function known(constant: Tensor): Value[] {
  return [{ dims: constant.dims, type: constant.type, constant }];
}

export const Constant: ShapeRule = ({ node }) => {
  const { value, value_float, value_floats, value_int, value_ints } = node.attributes;
  if (value?.kind === 'tensor') return known(value.value);
  if (value_float?.kind === 'float') return known(floatConstant([value_float.value], []));
  if (value_floats?.kind === 'floats') return known(floatConstant(value_floats.value, [value_floats.value.length]));
  if (value_int?.kind === 'int') return known(int64Constant([value_int.value], []));
  if (value_ints?.kind === 'ints') return known(int64Constant(value_ints.value));
  throw new ModelError(`${nameOf(node)} holds ${Object.keys(node.attributes).join(', ') || 'nothing'}; wanted a tensor or numbers.`);
};

export const Shape: ShapeRule = (call) => {
  const { dims } = input(call);
  return known(int64Constant(dims.slice(int(call.node, 'start', 0), int(call.node, 'end', dims.length))));
};

export const Size: ShapeRule = (call) => known(int64Constant([sizeOf(input(call).dims)], []));

export const ConstantOfShape: ShapeRule = (call) => {
  const dims = integersAt(call, 0) ?? [];
  if (dims.some((size) => size < 0)) throw misfit(call, `a shape without negative sizes (it is [${dims}])`);
  const value = call.node.attributes.value;
  return [{ dims, type: value?.kind === 'tensor' ? value.value.type : 'float32' }];
};

export const Range: ShapeRule = (call) => {
  const bounds = [0, 1, 2].map((index) => input(call, index).constant);
  if (bounds.some((bound) => !bound)) throw misfit(call, 'a start, limit and step that are known before the model runs');
  const [start, limit, step] = bounds.map((bound) => numbersOf(bound!)[0]);
  if (step === 0) throw misfit(call, 'a step other than 0');
  return [{ dims: [Math.max(0, Math.ceil((limit - start) / step))], type: input(call).type }];
};

export const OneHot: ShapeRule = (call) => {
  const [indices, values] = [input(call, 0), input(call, 2)];
  const [depth] = integersAt(call, 1) ?? [0];
  const axis = int(call.node, 'axis', -1);
  const at = axis < 0 ? axis + indices.dims.length + 1 : axis;
  return [{ dims: [...indices.dims.slice(0, at), depth, ...indices.dims.slice(at)], type: values.type }];
};
