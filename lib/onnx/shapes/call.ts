// What a shape rule is given and what it gives back, with the checks every rule needs.
import { integersOf } from '../constants.ts';
import { ModelError } from '../error.ts';
import type { Constant, ElementType, Node } from '../graph.ts';
import { nameOf } from '../node.ts';

/** What is known of a tensor before the model runs; `constant` when it does not depend on the input. */
export type Value = { dims: readonly number[]; type: ElementType; constant?: Constant };

/** A node with what is known of its inputs; an absent optional input is undefined. */
export type Call = { node: Node; inputs: readonly (Value | undefined)[] };

/** Shapes and types of a node's outputs. Throws ModelError when the inputs do not fit the operator. */
export type ShapeRule = (call: Call) => Value[];

/** Input `index`. Throws ModelError when it is absent. */
export function input({ node, inputs }: Call, index = 0): Value {
  const value = inputs[index];
  if (!value) throw new ModelError(`${nameOf(node)} has no input ${index}; wanted one.`);
  return value;
}

/** The integers of input `index`, which must not depend on the model's input; undefined when it is absent. */
export function integersAt(call: Call, index: number): number[] | undefined {
  const value = call.inputs[index];
  if (!value) return undefined;
  if (!value.constant) {
    const name = call.node.inputs[index];
    throw new ModelError(`${nameOf(call.node)}: input "${name}" depends on the image; wanted one that is known before the model runs.`);
  }
  return integersOf(value.constant);
}

/** An error that names the node, what was found and what is wanted. */
export function misfit({ node, inputs }: Call, wanted: string): ModelError {
  const found = inputs.map((value) => (value ? `${value.type} [${value.dims}]` : 'none')).join(', ');
  return new ModelError(`${nameOf(node)}: found inputs ${found}; wanted ${wanted}.`);
}

/** `axis` from 0 up, for a tensor of the given rank. */
export function axisOf(call: Call, axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive < 0 || positive >= rank) throw misfit(call, `an axis in [${-rank}, ${rank - 1}] (axis is ${axis})`);
  return positive;
}

/** Dimensions of two or more tensors broadcast together (NumPy's rule), or null when they do not fit. */
export function broadcast(...shapes: readonly (readonly number[])[]): number[] | null {
  const rank = Math.max(0, ...shapes.map((dims) => dims.length));
  const out: number[] = Array.from({ length: rank }, () => 1);
  for (const dims of shapes) {
    for (let i = 0; i < dims.length; i++) {
      const at = rank - dims.length + i;
      if (dims[i] === out[at] || dims[i] === 1) continue;
      if (out[at] !== 1) return null;
      out[at] = dims[i];
    }
  }
  return out;
}
