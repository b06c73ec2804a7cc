// Attention, an operator of its own since opset 23, in products and a softmax.
import type { Conversion } from '../conversions.ts';
import { constantOf, floatConstant, int64Constant } from '../constants.ts';
import { ModelError } from '../error.ts';
import type { Node } from '../graph.ts';
import { int, nameOf, node as make, number } from '../node.ts';

/** Pairs of a query and a key: every pixel of an image with every other are fewer. */
const mostScores = 1_000_000;

/**
 * y = softmax(scale Q K^T + mask) V for each head; heads lie in an axis of their own, or side by side in the last one. A soft cap c
 * takes the scores s to c tanh(s / c).
 */
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
  const plain = past.every((name) => name === '') && node.outputs.slice(1).every((name) => name === '');
  if (!plain || heads < 1 || shared < 1 || heads % shared !== 0) {
    const wanted = 'wanted query heads that the key heads divide, and neither past keys nor further outputs';
    throw new ModelError(`${nameOf(node)} is of a form that is not read; ${wanted}. Export with opset_version=20.`);
  }
  const apart = (a: string, count: number) => {
    return flat ? one('Transpose', [one('Reshape', [a, shape(0, 0, count, -1)])], { perm: [0, 2, 1, 3] }) : a;
  };
  /** A head of keys or values for every query head: each serves a group of them. */
  const spread = (a: string) => {
    const all = apart(a, shared);
    if (heads === shared) return all;
    const [, , length, width] = context.dims(a).length === 3 ? [0, 0, context.dims(a)[1], context.dims(a)[2] / shared] : context.dims(a);
    const rows = one('Reshape', [all, shape(0, shared, 1, length * width)]);
    return one('Reshape', [one('Tile', [rows, shape(1, 1, heads / shared, 1)]), shape(0, heads, length, width)]);
  };
  const width = context.dims(q).at(-1)! / (flat ? heads : 1);
  const factor = number(node, 'scale', 1 / Math.sqrt(width));
  const keys = one('Transpose', [spread(k)], { perm: [0, 1, 3, 2] });
  const scaled = one('Mul', [one('MatMul', [apart(q, heads), keys]), scalar(factor)]);
  const [queryCount, keyCount] = [context.dims(q).at(-2)!, context.dims(k).at(-2)!];
  const hidden = scalar(-3e38);
  /** Each query sees the keys up to its own place. */
  const causal = (scores: string) => {
    if (!(queryCount * keyCount <= mostScores)) {
      throw new ModelError(`${nameOf(node)} compares ${queryCount} queries with ${keyCount} keys; wanted at most ${mostScores} pairs.`);
    }
    const seen = Array.from({ length: queryCount * keyCount }, (_, i) => Number(i % keyCount <= Math.floor(i / keyCount)));
    const mask = context.constant(`${node.outputs[0]}_causal`, constantOf('bool', seen, [queryCount, keyCount]));
    return one('Where', [mask, scores, hidden]);
  };
  const masked = (scores: string) => {
    if (!mask) return scores;
    return context.type(mask) === 'bool' ? one('Where', [mask, scores, hidden]) : one('Add', [scores, mask]);
  };
  const cap = number(node, 'softcap', 0);
  const capped = (scores: string) => (cap > 0 ? one('Mul', [one('Tanh', [one('Div', [scores, scalar(cap)])]), scalar(cap)]) : scores);
  const scores = int(node, 'is_causal', 0) ? causal(masked(capped(scaled))) : masked(capped(scaled));
  const seen = one('MatMul', [one('Softmax', [scores], { axis: -1 }), spread(v)]);
  const joined = flat ? one('Reshape', [one('Transpose', [seen], { perm: [0, 2, 1, 3] }), shape(0, 0, -1)]) : seen;
  return [...nodes, make('Identity', [joined], [node.outputs[0]])];
};

export const attention: Readonly<Record<string, Conversion>> = { Attention };
