// Cases of the rules in rules/reductions.ts.
import { int64Constant } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { caseOf, unary, type Attributes, type Case } from './case.ts';

function reductions(op: string, range: readonly [number, number] = [-2, 2]): Case[] {
  const over = (name: string, axes: number[], attributes: Attributes) =>
    caseOf(name, { x: [2, 3, 4], range, constants: { axes: int64Constant(axes) }, nodes: [node(op, ['x', 'axes'], ['y'], attributes)] });
  return [
    over('one axis kept', [1], { keepdims: 1 }),
    over('axes dropped', [-1, 0], { keepdims: 0 }),
    unary('all axes', op, { keepdims: 0 }, { x: [2, 3], range }),
    unary('no axes', op, { noop_with_empty_axes: 1 }, { x: [2, 3], range }),
  ];
}

export const ReduceSum = reductions('ReduceSum');
export const ReduceMean = reductions('ReduceMean');
export const ReduceL1 = reductions('ReduceL1');
export const ReduceL2 = reductions('ReduceL2');
export const ReduceSumSquare = reductions('ReduceSumSquare');
export const ReduceLogSumExp = reductions('ReduceLogSumExp');
export const ReduceLogSum = reductions('ReduceLogSum', [0.5, 2]);
export const ReduceMax = reductions('ReduceMax');
export const ReduceMin = reductions('ReduceMin');
