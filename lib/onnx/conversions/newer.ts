// Operators and forms that came after the canonical opset, or that no opset has, written with its own.
import type { Context, Conversion } from '../conversions.ts';
import { constantOf, floatConstant, int64Constant } from '../constants.ts';
import { ModelError } from '../error.ts';
import { canonicalOpset, type Node } from '../graph.ts';
import { int, nameOf, node as make, number, withAttributes } from '../node.ts';

/** Numbers that opset 21 added to quantisation; at their defaults they change nothing. */
const quantised: Conversion = (node) => {
  const added = ['block_size', 'output_dtype', 'precision'];
  const other = added.find((name) => int(node, name, 0) !== 0);
  if (other) throw new ModelError(`${nameOf(node)} sets ${other}, which came after opset ${canonicalOpset}; wanted its default.`);
  return [withAttributes(node, { drop: added })];
};

/** y of nodes that each read the one before. */
function chain(node: Node, context: Context, steps: readonly ((x: string, y: string) => Node)[]): Node[] {
  let x = node.inputs[0];
  return steps.map((step, i) => {
    const y = i === steps.length - 1 ? node.outputs[0] : context.fresh(`${node.outputs[0]}_${i}`);
    const made = step(x, y);
    x = y;
    return made;
  });
}

export const newer: Readonly<Record<string, Conversion>> = {
  QuantizeLinear: quantised,
  DequantizeLinear: quantised,

  /** Opset 21 has a scale and a bias per channel, not per group: the groups are normalised as channels of their own first. */
  GroupNormalization: (node, context) => {
    if (context.opset <= canonicalOpset) return [node];
    const [x, scale, bias] = node.inputs;
    const groups = int(node, 'num_groups', 0);
    const channels = context.dims(x)[1];
    if (!(groups >= 1 && groups <= channels)) throw new ModelError(`${nameOf(node)} has ${groups} groups; wanted 1 to ${channels}.`);
    const each = (name: string, value: number) => context.constant(name, floatConstant(new Float32Array(groups).fill(value), [groups]));
    const column = [-1, ...context.dims(x).slice(2).map(() => 1)];
    const [ones, zeros] = [each(`${node.outputs[0]}_ones`, 1), each(`${node.outputs[0]}_zeros`, 0)];
    const [wide, high] = [context.fresh(`${scale}_column`), context.fresh(`${bias}_column`)];
    const shape = context.constant(`${node.outputs[0]}_column`, int64Constant(column));
    return [
      make('Reshape', [scale, shape], [wide]),
      make('Reshape', [bias, shape], [high]),
      ...chain(node, context, [
        (a, y) => ({ ...withAttributes(node, { drop: ['stash_type'] }), inputs: [a, ones, zeros], outputs: [y] }),
        (a, y) => make('Mul', [a, wide], [y]),
        (a, y) => make('Add', [a, high], [y]),
      ]),
    ];
  },

  /** y = scale x / sqrt(mean(x^2) + epsilon) from an axis on. */
  RMSNormalization: (node, context) => {
    const [x, scale] = node.inputs;
    const axes = context.dims(x).map((_, axis) => axis).slice(int(node, 'axis', -1));
    const over = context.constant(`${node.outputs[0]}_axes`, int64Constant(axes));
    const epsilon = context.constant(`${node.outputs[0]}_epsilon`, floatConstant([number(node, 'epsilon', 1e-5)], []));
    return chain(node, context, [
      (a, y) => make('Mul', [a, a], [y]),
      (a, y) => make('ReduceMean', [a, over], [y], { keepdims: 1 }),
      (a, y) => make('Add', [a, epsilon], [y]),
      (a, y) => make('Sqrt', [a], [y]),
      (a, y) => make('Div', [x, a], [y]),
      (a, y) => make('Mul', [a, scale], [y]),
    ]);
  },

  /** y = 1 - erf(x). No opset has it: tf2onnx leaves it standing where Keras 3 writes a GELU. */
  Erfc: (node, context) => {
    const one = context.constant(`${node.outputs[0]}_one`, floatConstant([1], []));
    return chain(node, context, [(a, y) => make('Erf', [a], [y]), (a, y) => make('Sub', [one, a], [y])]);
  },

  /** y = x sigmoid(alpha x). */
  Swish: (node, context) => {
    const alpha = context.constant(`${node.outputs[0]}_alpha`, constantOf('float32', [number(node, 'alpha', 1)], []));
    return chain(node, context, [
      (a, y) => make('Mul', [a, alpha], [y]),
      (a, y) => make('Sigmoid', [a], [y]),
      (a, y) => make('Mul', [node.inputs[0], a], [y]),
    ]);
  },
};
