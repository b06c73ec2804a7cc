// Attention, an operator of its own since opset 23, in products and a softmax.
import type { Conversion } from '../conversions.ts';
import { floatConstant, int64Constant } from '../constants.ts';
import { ModelError } from '../error.ts';
import type { Node } from '../graph.ts';
import { int, nameOf, node as make, number } from '../node.ts';

/** y = softmax(scale Q K^T + mask) V for each head; heads lie in an axis of their own, or side by side in the last one. */
const Attention: Conversion = (node, context) => {
  const [q, k, v, mask, ...past] = node.inputs;
  const nodes: Node[] = [];
  const one = (op: string, inputs: string[], attributes: Parameters<typeof make>[3] = {}) => {
    const output = context.fresh(`${node.outputs[0]}_${op}`);
    nodes.push(make(op, inputs, [output], attributes));
    return output;
  };
  const scalar = (value: number) => context.constant(`${node.outputs[0]}_number`, floatConstant([value], []));
  const shape = (...dims: number[]) => context.constant(`${node.outputs[0]}_shape`, int64Constant(dims));
  const flat = context.dims(q).length === 3;
  const heads = flat ? int(node, 'q_num_heads', 0) : context.dims(q)[1];
  const shared = flat ? int(node, 'kv_num_heads', 0) : context.dims(k)[1];
  const plain = ['is_causal', 'qk_matmul_output_mode'].every((name) => int(node, name, 0) === 0) && number(node, 'softcap', 0) === 0;
  if (!plain || past.some((name) => name !== '') || heads < 1 || heads !== shared || node.outputs.slice(1).some((name) => name !== '')) {
    const wanted = 'wanted as many key heads as query heads, and no causal mask, past or soft cap';
    throw new ModelError(`${nameOf(node)} is of a form that is not read; ${wanted}. Export with opset_version=20.`);
  }
  const apart = (a: string) => (flat ? one('Transpose', [one('Reshape', [a, shape(0, 0, heads, -1)])], { perm: [0, 2, 1, 3] }) : a);
  const width = context.dims(q).at(-1)! / (flat ? heads : 1);
  const factor = number(node, 'scale', 1 / Math.sqrt(width));
  const keys = one('Transpose', [apart(k)], { perm: [0, 1, 3, 2] });
  const scaled = one('Mul', [one('MatMul', [apart(q), keys]), scalar(factor)]);
  const masked = () => {
    if (!mask) return scaled;
    if (context.type(mask) !== 'bool') return one('Add', [scaled, mask]);
    return one('Where', [mask, scaled, scalar(-3e38)]);
  };
  const seen = one('MatMul', [one('Softmax', [masked()], { axis: -1 }), apart(v)]);
  const joined = flat ? one('Reshape', [one('Transpose', [seen], { perm: [0, 2, 1, 3] }), shape(0, 0, -1)]) : seen;
  return [...nodes, make('Identity', [joined], [node.outputs[0]])];
};

export const attention: Readonly<Record<string, Conversion>> = { Attention };
