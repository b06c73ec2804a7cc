// The table of differentiation rules, one per ONNX operator and named as the operator.
import type { Rule } from '../rule.ts';
import * as activations from './activations.ts';
import * as depth from './depth.ts';
import * as einsum from './einsum.ts';
import * as elementwise from './elementwise.ts';
import * as indexing from './indexing.ts';
import * as linear from './linear.ts';
import * as normalisation from './normalisation.ts';
import * as pooling from './pooling.ts';
import * as reductions from './reductions.ts';
import * as resize from './resize.ts';
import * as sampling from './sampling.ts';
import * as shape from './shape.ts';
import { flat } from './zero.ts';

export const rules = {
  ...linear, ...einsum, ...elementwise, ...activations, ...normalisation, ...pooling, ...resize, ...sampling,
  ...reductions, ...shape, ...depth, ...indexing, ...flat,
} satisfies Record<string, Rule>;

export type DifferentiableOperator = keyof typeof rules;

/** The rule of an operator of the standard domain, or undefined. */
export function ruleOf(op: string): Rule | undefined {
  return Object.hasOwn(rules, op) ? rules[op as DifferentiableOperator] : undefined;
}

/** Whether an operator stops every gradient. */
export function isFlat(op: string): boolean {
  return Object.hasOwn(flat, op);
}
