// Shape rules of operators that move elements about without computing.
import { sizeOf } from '../../tensor.ts';
import { int, ints, text } from '../node.ts';
import { padsOf, sliceRanges, splitSizes } from './arguments.ts';
import { axisOf, broadcast, input, integersAt, misfit, type ShapeRule } from './call.ts';

export const Reshape: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const asked = integersAt(call, 1) ?? [];
  const copyZero = int(call.node, 'allowzero', 0) === 0;
  const filled = asked.map((size, axis) => (size === 0 && copyZero ? (dims[axis] ?? Number.NaN) : size));
  const known = sizeOf(filled.filter((size) => size !== -1));
  const out = filled.map((size) => (size === -1 ? sizeOf(dims) / known : size));
  const open = filled.filter((size) => size === -1).length;
  const wrong = open > 1 || out.some((size) => !Number.isInteger(size) || size < 0) || sizeOf(out) !== sizeOf(dims);
  if (wrong) throw misfit(call, `as many elements (${sizeOf(dims)}) in the new shape [${asked}]`);
  return [{ dims: out, type }];
};

export const Flatten: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const axis = int(call.node, 'axis', 1);
  const at = axis < 0 ? axis + dims.length : axis;
  if (at < 0 || at > dims.length) throw misfit(call, `an axis in [${-dims.length}, ${dims.length}] (axis is ${axis})`);
  return [{ dims: [sizeOf(dims.slice(0, at)), sizeOf(dims.slice(at))], type }];
};

export const Transpose: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const order = ints(call.node, 'perm') ?? dims.map((_, axis) => dims.length - 1 - axis);
  if (String(order.toSorted((a, b) => a - b)) !== String(dims.map((_, axis) => axis)))
    throw misfit(call, `a perm of its axes (perm is [${order}])`);
  return [{ dims: order.map((axis) => dims[axis]), type }];
};

export const Squeeze: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const given = integersAt(call, 1)?.map((axis) => axisOf(call, axis, dims.length));
  const axes = given ?? dims.flatMap((size, axis) => (size === 1 ? [axis] : []));
  if (axes.some((axis) => dims[axis] !== 1)) throw misfit(call, `size 1 at the axes [${axes}]`);
  return [{ dims: dims.filter((_, axis) => !axes.includes(axis)), type }];
};

export const Unsqueeze: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const given = integersAt(call, 1) ?? [];
  const rank = dims.length + given.length;
  const axes = given.map((axis) => axisOf(call, axis, rank));
  if (new Set(axes).size !== axes.length) throw misfit(call, `axes without repetition (they are [${given}])`);
  const rest = [...dims];
  return [{ dims: Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!)), type }];
};

export const Concat: ShapeRule = (call) => {
  const values = call.inputs.map((_, index) => input(call, index));
  const { dims, type } = input(call);
  const axis = axisOf(call, int(call.node, 'axis', 0), dims.length);
  const fits = values.every(
    (value) => value.type === type && value.dims.length === dims.length && value.dims.every((size, at) => at === axis || size === dims[at]),
  );
  if (!fits) throw misfit(call, `inputs that agree but at axis ${axis}`);
  const length = values.reduce((sum, value) => sum + value.dims[axis], 0);
  return [{ dims: dims.map((size, at) => (at === axis ? length : size)), type }];
};

export const Split: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const axis = axisOf(call, int(call.node, 'axis', 0), dims.length);
  return splitSizes(call).map((piece) => ({ dims: dims.map((size, at) => (at === axis ? piece : size)), type }));
};

export const Slice: ShapeRule = (call) => [{ dims: sliceRanges(call).map(({ count }) => count), type: input(call).type }];

export const Pad: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const { begin, end } = padsOf(call);
  const mode = text(call.node, 'mode', 'constant');
  const least = mode === 'reflect' ? 1 : 0;
  const out = dims.map((size, axis) => size + begin[axis] + end[axis]);
  const reach = dims.every((size, axis) => mode !== 'reflect' || (begin[axis] <= size - least && end[axis] <= size - least));
  if (out.some((size) => size < 0) || !reach)
    throw misfit(call, `pads that fit (they are [${begin}] before and [${end}] after, mode ${mode})`);
  return [{ dims: out, type }];
};

export const Expand: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const asked = integersAt(call, 1) ?? [];
  const out = broadcast(dims, asked);
  if (!out || out.some((size) => size < 0)) throw misfit(call, `a shape that it broadcasts to (it is [${asked}])`);
  return [{ dims: out, type }];
};

export const Tile: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const repeats = integersAt(call, 1) ?? [];
  if (repeats.length !== dims.length || repeats.some((count) => count < 0))
    throw misfit(call, `${dims.length} repeats (they are [${repeats}])`);
  return [{ dims: dims.map((size, axis) => size * repeats[axis]), type }];
};

export const Gather: ShapeRule = (call) => {
  const [data, indices] = [input(call, 0), input(call, 1)];
  const axis = axisOf(call, int(call.node, 'axis', 0), data.dims.length);
  return [{ dims: [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)], type: data.type }];
};

export const GatherElements: ShapeRule = (call) => [{ dims: input(call, 1).dims, type: input(call, 0).type }];

export const GatherND: ShapeRule = (call) => {
  const [data, indices] = [input(call, 0), input(call, 1)];
  const batched = int(call.node, 'batch_dims', 0);
  return [{ dims: [...indices.dims.slice(0, -1), ...data.dims.slice(batched + indices.dims.at(-1)!)], type: data.type }];
};

export const ScatterElements: ShapeRule = (call) => {
  const { dims, type } = input(call);
  if (String(input(call, 1).dims) !== String(input(call, 2).dims)) throw misfit(call, 'indices and updates of one shape');
  return [{ dims, type }];
};

export const ScatterND: ShapeRule = (call) => {
  const { dims, type } = input(call);
  return [{ dims, type }];
};
