// The table of shape rules, one per operator of the canonical opset, keyed by the operator's name.
import type { ShapeRule } from './call.ts';
import * as elementwise from './elementwise.ts';
import * as layout from './layout.ts';
import * as linear from './linear.ts';
import * as quantised from './quantised.ts';
import * as reduce from './reduce.ts';
import * as sampling from './sampling.ts';
import * as sources from './sources.ts';
import * as spatial from './spatial.ts';

export const shapeRules = {
  ...elementwise, ...layout, ...linear, ...quantised, ...reduce, ...sampling, ...sources, ...spatial,
} satisfies Record<string, ShapeRule>;
