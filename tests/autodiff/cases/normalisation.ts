// Cases of the rules in rules/normalisation.ts.
import { floatConstant } from '../../../lib/onnx/constants.ts';
import type { Constant } from '../../../lib/onnx/graph.ts';
import { float, node } from '../../../lib/onnx/node.ts';
import { sizeOf } from '../../../lib/tensor.ts';
import { batchNorm, uniform } from '../../models.ts';
import { caseOf, unary, type Attributes, type Case } from './case.ts';

function normalised(name: string, x: readonly number[]): Case {
  const constants: Record<string, Constant> = {};
  const norm = batchNorm(constants, 9, 'x', 'y', x[1]);
  return caseOf(name, { x, constants, nodes: [norm] });
}

export const BatchNormalization = [normalised('image', [2, 3, 2, 2]), normalised('vector', [3, 4])];


function own(op: string, name: string, x: readonly number[], scale: readonly number[], attributes: Attributes): Case {
  const constants = { s: floatConstant(uniform(5, sizeOf(scale), 0.5, 2), scale), b: floatConstant(uniform(6, sizeOf(scale)), scale) };
  return caseOf(name, { x, constants, nodes: [node(op, ['x', 's', 'b'], ['y'], attributes)] });
}

export const LayerNormalization = [
  own('LayerNormalization', 'last axis', [3, 5], [5], {}),
  own('LayerNormalization', 'last two axes', [2, 3, 4], [3, 4], { axis: 1, epsilon: float(0.1) }),
];
export const InstanceNormalization = [own('InstanceNormalization', 'image', [2, 3, 3, 2], [3], { epsilon: float(0.01) })];

export const GroupNormalization = [own('GroupNormalization', 'two groups', [2, 4, 3, 2], [2], { num_groups: 2, epsilon: float(0.01) })];
export const LpNormalization = [
  unary('last axis', 'LpNormalization'), unary('p = 1, first axis', 'LpNormalization', { p: 1, axis: 0 }, { x: [3, 4] }),
];
const around = (size: number) => ({ size, alpha: float(0.5), beta: float(0.75), bias: float(1.5) });
export const LRN = [
  unary('odd window', 'LRN', around(3), { x: [2, 5, 2, 2] }),
  unary('window wider than the channels', 'LRN', around(9), { x: [2, 3, 2, 2] }),
];
