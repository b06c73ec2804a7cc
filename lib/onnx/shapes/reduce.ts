// Shape rules of reductions.
import { int } from '../node.ts';
import { reducedAxes } from './arguments.ts';
import { axisOf, input, integersAt, type ShapeRule } from './call.ts';

function without(dims: readonly number[], axes: readonly number[], keep: boolean): number[] {
  return keep ? dims.map((size, axis) => (axes.includes(axis) ? 1 : size)) : dims.filter((_, axis) => !axes.includes(axis));
}

const reduction: ShapeRule = (call) => {
  const { dims, type } = input(call);
  return [{ dims: without(dims, reducedAxes(call), int(call.node, 'keepdims', 1) === 1), type }];
};

export const ReduceMean = reduction, ReduceSum = reduction, ReduceMax = reduction, ReduceMin = reduction, ReduceProd = reduction;
export const ReduceL1 = reduction, ReduceL2 = reduction, ReduceSumSquare = reduction, ReduceLogSum = reduction, ReduceLogSumExp = reduction;

const index: ShapeRule = (call) => {
  const { dims } = input(call);
  const axis = axisOf(call, int(call.node, 'axis', 0), dims.length);
  return [{ dims: without(dims, [axis], int(call.node, 'keepdims', 1) === 1), type: 'int64' }];
};

export const ArgMax = index, ArgMin = index;

export const TopK: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const axis = axisOf(call, int(call.node, 'axis', -1), dims.length);
  const [count] = integersAt(call, 1) ?? [0];
  const kept = dims.map((size, at) => (at === axis ? count : size));
  return [{ dims: kept, type }, { dims: kept, type: 'int64' }];
};
