// How a test case of a differentiation rule is written: a small graph from x to y around one operator.
import { inferShapes } from '../../../lib/onnx/shapes.ts';
import { sizeOf } from '../../../lib/tensor.ts';
import type { Constant, Graph, Node } from '../../../lib/onnx/graph.ts';
import { node, type AttributeValue } from '../../../lib/onnx/node.ts';
import { graphOf, uniform } from '../../models.ts';

export type Attributes = Readonly<Record<string, AttributeValue>>;

export type Case = { name: string; graph: Graph; x: Float32Array };

type Parts = {
  x: readonly number[];
  nodes: readonly Node[];
  constants?: Readonly<Record<string, Constant>>;
  /** Interval the values of x fill evenly. */
  range?: readonly [number, number];
};

/** A case from nodes that make `y` of `x`. Values of x are evenly spaced and shuffled, so that no kink and no tie is near. */
export function caseOf(name: string, { x, nodes, constants, range = [-2, 2] }: Parts): Case {
  const untyped = graphOf({ inputs: [['x', x]], outputs: [['y', []]], nodes, constants });
  const dims = inferShapes(untyped, 1).dims.get('y')!;
  return { name, graph: { ...untyped, outputs: [{ name: 'y', type: 'float32', dims }] }, x: evenly(sizeOf(x), range) };
}

/** A case of one operator of one operand. */
export function unary(name: string, op: string, attributes: Attributes = {}, parts: Partial<Parts> = {}): Case {
  return caseOf(name, { x: [2, 7], nodes: [node(op, ['x'], ['y'], attributes)], ...parts });
}

function evenly(count: number, [low, high]: readonly [number, number]): Float32Array {
  const order = [...uniform(42, count)].map((key, i) => [key, i]).sort(([a], [b]) => a - b).map(([, i]) => i);
  return Float32Array.from(order, (i) => low + ((i + 0.43) * (high - low)) / count);
}
