// Shape rules of matrix products.
import { equationOf } from '../einsum.ts';
import { int } from '../node.ts';
import { broadcast, input, misfit, type ShapeRule } from './call.ts';

export const Gemm: ShapeRule = (call) => {
  const [a, b, c] = [input(call, 0), input(call, 1), call.inputs[2]];
  const [transA, transB] = [int(call.node, 'transA', 0), int(call.node, 'transB', 0)];
  if (a.dims.length !== 2 || b.dims.length !== 2) throw misfit(call, 'two matrices');
  const [rows, inner] = transA ? [a.dims[1], a.dims[0]] : a.dims;
  const [innerB, columns] = transB ? [b.dims[1], b.dims[0]] : b.dims;
  if (inner !== innerB) throw misfit(call, `inner sizes that agree (they are ${inner} and ${innerB})`);
  const dims = [rows, columns];
  if (c && String(broadcast(dims, c.dims)) !== String(dims)) throw misfit(call, `a bias that broadcasts to [${dims}]`);
  return [{ dims, type: a.type }];
};

export const MatMul: ShapeRule = (call) => {
  const [a, b] = [input(call, 0), input(call, 1)];
  if (a.dims.length === 0 || b.dims.length === 0) throw misfit(call, 'no scalars');
  const left = a.dims.length === 1 ? [1, a.dims[0]] : a.dims;
  const right = b.dims.length === 1 ? [b.dims[0], 1] : b.dims;
  const outer = broadcast(left.slice(0, -2), right.slice(0, -2));
  const [inner, innerB] = [left.at(-1), right.at(-2)];
  if (!outer || inner !== innerB)
    throw misfit(call, `inner sizes that agree (they are ${inner} and ${innerB}) and outer ones that broadcast`);
  const rows = a.dims.length === 1 ? [] : [left.at(-2)!];
  const columns = b.dims.length === 1 ? [] : [right.at(-1)!];
  return [{ dims: [...outer, ...rows, ...columns], type: a.type }];
};

export const Einsum: ShapeRule = (call) => {
  const operands = call.inputs.map((_, index) => input(call, index));
  const { output, sizes } = equationOf(call.node, operands.map(({ dims }) => dims));
  return [{ dims: [...output].map((letter) => sizes.get(letter)!), type: operands[0].type }];
};
