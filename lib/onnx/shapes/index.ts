// The table of shape rules, one per operator of the canonical opset, keyed by the operator's name.
import type { Node } from '../graph.ts';
import { keyOf } from '../node.ts';
import type { ShapeRule } from './call.ts';
import * as elementwise from './elementwise.ts';
import * as layout from './layout.ts';
import * as linear from './linear.ts';
import * as quantised from './quantised.ts';
import * as reduce from './reduce.ts';
import * as sampling from './sampling.ts';
import * as sources from './sources.ts';
import * as spatial from './spatial.ts';
import { traditionalRules } from './traditional.ts';

export const shapeRules = {
  ...elementwise, ...layout, ...linear, ...quantised, ...reduce, ...sampling, ...sources, ...spatial,
} satisfies Record<string, ShapeRule>;

/** The rule of a node's operator, or undefined. */
export function shapeRuleOf(node: Pick<Node, 'domain' | 'op'>): ShapeRule | undefined {
  const table: Readonly<Record<string, ShapeRule>> = node.domain === '' ? shapeRules : traditionalRules;
  return Object.hasOwn(table, keyOf(node)) ? table[keyOf(node)] : undefined;
}
