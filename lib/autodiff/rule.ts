// What a differentiation rule is given and gives back.
import type { Node } from '../onnx/graph.ts';
import { nameOf } from '../onnx/node.ts';
import type { Builder } from './builder.ts';
import { NoGradientError } from './errors.ts';

export type Step = {
  node: Node;
  /** Appends the backward nodes; also knows shapes and constants of the forward graph. */
  b: Builder;
  /** Cotangent of each output, null where nothing asked for one. */
  cotangents: readonly (string | null)[];
  /** Cotangent of the first output; operators with several float outputs read `cotangents` instead. */
  dy: string;
  /** Whether an input lies on a path from x; its cotangent is wanted then, and only then. */
  wants(input: number): boolean;
};

/** Returns the cotangent of each input, in order, null or left out where there is none; those not wanted are ignored. */
export type Rule = (step: Step) => readonly (string | null)[];

/** Thrown by a rule that meets a form it has no derivative for. */
export function noGradient(node: Node, why: string): NoGradientError {
  return new NoGradientError([node.op], `${nameOf(node)} cannot be differentiated: ${why}.`);
}
