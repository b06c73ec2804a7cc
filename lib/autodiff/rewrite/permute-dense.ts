// Lets a dense layer absorb the transposition before it: flattening pixels before channels and permuting the weights to match.
import { floatConstant, floatsOf } from '../../onnx/constants.ts';
import { Builder } from '../builder.ts';
import type { Constant, Node } from '../../onnx/graph.ts';
import { int, ints } from '../../onnx/node.ts';
import { sizeOf } from '../../tensor.ts';
import { Edits, linksOf, type Pass } from './pass.ts';

/** Transpose -> Reshape or Flatten to [N, K] -> Gemm becomes Reshape -> Gemm with the K weights in another order. */
export const permuteDense: Pass = (graph, { dims, values }) => {
  const links = linksOf(graph);
  const edits = new Edits(graph);
  const b = new Builder(dims, values);
  for (const dense of graph.nodes) {
    if (dense.op !== 'Gemm' || dense.domain !== '' || int(dense, 'transA', 0) !== 0) continue;
    const flatten = links.maker(dense.inputs[0]);
    const transpose = flatten && ['Reshape', 'Flatten'].includes(flatten.op) ? links.maker(flatten.inputs[0]) : undefined;
    const weights = graph.constants.get(dense.inputs[1]);
    if (transpose?.op !== 'Transpose' || weights?.type !== 'float32') continue;
    if (links.onlyReader(flatten!.outputs[0]) !== dense || links.onlyReader(transpose.outputs[0]) !== flatten) continue;
    const before = dims.get(transpose.inputs[0])!;
    const perm = ints(transpose, 'perm');
    if (perm?.[0] !== 0 || dims.get(flatten!.outputs[0])![0] !== before[0]) continue;
    const permuted = edits.define(`${dense.inputs[1]}/permuted`, permutedWeights(dense, weights, before, perm));
    const flat = b.reshape(transpose.inputs[0], [before[0], sizeOf(before.slice(1))]);
    edits.replace(transpose, []);
    edits.replace(flatten!, b.taken(flat, flatten!.outputs[0]));
    edits.replace(dense, [{ ...dense, inputs: [dense.inputs[0], permuted, ...dense.inputs.slice(2)] }]);
  }
  return edits.applied(b.constants);
};

/** The weights for elements in the order they have before the transposition. */
function permutedWeights(dense: Node, weights: Constant, before: readonly number[], perm: readonly number[]): Constant {
  const positions = positionsAfter(before.slice(1), perm.slice(1).map((axis) => axis - 1));
  const count = positions.length;
  const old = floatsOf(weights);
  const data = new Float32Array(old.length);
  if (int(dense, 'transB', 0)) {
    for (let i = 0; i < old.length; i++) data[i] = old[i - (i % count) + positions[i % count]];
  } else {
    const width = old.length / count;
    positions.forEach((from, to) => data.set(old.subarray(from * width, (from + 1) * width), to * width));
  }
  return floatConstant(data, weights.dims);
}

/** For each element of a tensor of shape `dims`, row-major, its place after transposing by `perm`. */
function positionsAfter(dims: readonly number[], perm: readonly number[]): number[] {
  const strides = dims.map((_, axis) => sizeOf(perm.slice(perm.indexOf(axis) + 1).map((other) => dims[other])));
  return Array.from({ length: sizeOf(dims) }, (_, index) => {
    let rest = index;
    let place = 0;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      place += (rest % dims[axis]) * strides[axis];
      rest = Math.floor(rest / dims[axis]);
    }
    return place;
  });
}
