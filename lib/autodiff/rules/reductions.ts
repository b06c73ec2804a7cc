// Rules of reductions over axes: the cotangent is repeated along the reduced axes, times each element's part in the result.
import { int } from '../../onnx/node.ts';
import { sizeOf } from '../../tensor.ts';
import { noGradient, type Rule, type Step } from '../rule.ts';

/** Axes that a reduction runs over, none below 0: all of them where none are named, unless that means none. */
function reducedAxes({ b, node }: Step): number[] {
  const dims = b.dims(node.inputs[0]);
  const given = node.inputs[1] ? b.integers(node.inputs[1]) : [];
  if (!given) throw noGradient(node, 'its axes are computed; wanted constant axes');
  if (given.length === 0) return int(node, 'noop_with_empty_axes', 0) ? [] : dims.map((_, axis) => axis);
  return given.map((axis) => (axis < 0 ? axis + dims.length : axis));
}

/** A tensor of the output's shape with the reduced axes back, of size 1. */
function kept({ b, node: { inputs: [x] } }: Step, axes: readonly number[], a: string): string {
  return b.reshape(a, b.dims(x).map((size, axis) => (axes.includes(axis) ? 1 : size)));
}

/** The cotangent repeated along the reduced axes. */
function spread(step: Step, axes: readonly number[], a: string): string {
  return step.b.expand(kept(step, axes, a), step.b.dims(step.node.inputs[0]));
}

/** y = sum over axes: every element gets dy. */
export const ReduceSum: Rule = (step) => [spread(step, reducedAxes(step), step.dy)];

/** y = mean over axes: every element gets dy / number of elements. */
export const ReduceMean: Rule = (step) => {
  const { b, dy, node: { inputs: [x] } } = step;
  const axes = reducedAxes(step);
  const count = sizeOf(axes.map((axis) => b.dims(x)[axis]));
  return [spread(step, axes, b.scale(dy, 1 / count))];
};

/** y = sum of |x| over axes: dx = dy sign(x). */
export const ReduceL1: Rule = (step) => {
  const { b, dy, node: { inputs: [x] } } = step;
  return [b.mul(kept(step, reducedAxes(step), dy), b.map('Sign', x))];
};

/** y = sqrt(sum of x^2) over axes: dx = dy x / y, and 0 where y = 0. */
export const ReduceL2: Rule = (step) => {
  const { b, dy, node: { inputs: [x], outputs: [y] } } = step;
  const divisor = b.where(b.compare('Equal', y, 0), b.float(1), y);
  return [b.mul(kept(step, reducedAxes(step), b.div(dy, divisor)), x)];
};

/** y = sum of x^2 over axes: dx = 2 x dy. */
export const ReduceSumSquare: Rule = (step) => {
  const { b, dy, node: { inputs: [x] } } = step;
  return [b.mul(kept(step, reducedAxes(step), b.scale(dy, 2)), x)];
};

/** y = log of the sum over axes: every element gets dy exp(-y). */
export const ReduceLogSum: Rule = (step) => {
  const { b, dy, node: { outputs: [y] } } = step;
  return [spread(step, reducedAxes(step), b.mul(dy, b.map('Exp', b.map('Neg', y))))];
};

/** y = log sum exp(x) over axes: dx = dy exp(x - y). */
export const ReduceLogSumExp: Rule = (step) => {
  const { b, dy, node: { inputs: [x], outputs: [y] } } = step;
  const axes = reducedAxes(step);
  return [b.mul(kept(step, axes, dy), b.map('Exp', b.sub(x, kept(step, axes, y))))];
};

/** y = the largest or smallest over axes: dy to the elements that equal y, in equal shares, as in torch.amax. */
const extremum: Rule = (step) => {
  const { b, dy, node: { inputs: [x], outputs: [y] } } = step;
  const axes = reducedAxes(step);
  const winners = b.toFloat(b.compare('Equal', x, kept(step, axes, y)));
  return [b.mul(winners, b.div(kept(step, axes, dy), b.reduceSum(winners, axes)))];
};
export const ReduceMax = extremum;
export const ReduceMin = extremum;
