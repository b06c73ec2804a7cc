// What an operator of the TensorFlow.js interpreter is given and gives back, and the two things every family needs.
import type * as tfjs from '@tensorflow/tfjs';
import { isFloat } from '../../onnx/constants.ts';
import type { ElementType, Node } from '../../onnx/graph.ts';
import type { Call } from '../../onnx/shapes/call.ts';

/** The library, whichever package it was loaded from. */
export type Tf = typeof tfjs;
export type Value = tfjs.Tensor;

export type Step = {
  tf: Tf;
  node: Node;
  /** Every given input, absent ones undefined; int64 as int32, every float type as float32. */
  inputs: readonly Value[];
  /** The node as the shape rules see it: shapes, types, and the values known before the model runs. */
  call: Call;
  /** Shapes of the outputs. */
  dims: readonly (readonly number[])[];
};

/** Computes a node's outputs from its inputs; what the tape of TensorFlow.js cannot differentiate, it must not use. */
export type Operator = (step: Step) => Value | readonly Value[];

/** A value that no gradient flows through: computed off the tape, from inputs the tape does not see. */
export function detached(tf: Tf, compute: () => Value): Value {
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}

/** a where the condition holds, else b; the condition is off the tape, which has no gradient for comparisons. */
export function choose(tf: Tf, condition: () => Value, a: Value, b: Value): Value {
  return tf.where(detached(tf, condition), a, b);
}

/** `axis` from 0 up. */
export function upward(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** A condition as 0 and 1. */
export function mask(tf: Tf, condition: Value): Value {
  return tf.cast(condition, 'float32');
}

/** How the library holds a type of ONNX. */
export function heldAs(type: ElementType): 'float32' | 'int32' | 'bool' {
  if (type === 'bool') return 'bool';
  return isFloat(type) ? 'float32' : 'int32';
}

/** The square root, with slope 0 at 0. */
export function rootOf(tf: Tf, x: Value): Value {
  const positive = () => tf.greater(x, 0);
  const root = tf.sqrt(choose(tf, positive, x, tf.onesLike(x)));
  return choose(tf, positive, root, tf.zerosLike(x));
}
