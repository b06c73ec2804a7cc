// Rules of normalisations, by fixed statistics and by those of the image itself.
import { int, number } from '../../onnx/node.ts';
import { sizeOf } from '../../tensor.ts';
import { noGradient, type Rule, type Step } from '../rule.ts';

/** y = scale (x - mean) / sqrt(variance + epsilon) + shift per channel: dx = dy scale / sqrt(variance + epsilon). */
export const BatchNormalization: Rule = ({ b, dy, wants, node, node: { inputs: [x, scale, , , variance] } }) => {
  if (int(node, 'training_mode', 0) !== 0) throw noGradient(node, 'it is in training mode; wanted a model exported for inference');
  if ([1, 2, 3, 4].some((input) => wants(input))) throw noGradient(node, 'its statistics depend on the input; wanted constant statistics');
  const deviation = b.map('Sqrt', b.add(variance, b.float(number(node, 'epsilon', 1e-5))));
  const dims = b.dims(x);
  const column = [dims[1] ?? 1, ...dims.slice(2).map(() => 1)];
  return [b.mul(dy, b.reshape(b.div(scale, deviation), column))];
};

/**
 * y = scale n + shift with n = (x - mean) / deviation over some axes:
 * with g = dy scale, dx = (g - mean(g) - n mean(g n)) / deviation.
 */
function byOwnStatistics(step: Step, scale: string, axes: readonly number[]): string[] {
  return [statisticsBack(step, step.node.inputs[0], step.dy, scale, axes)];
}

function statisticsBack({ b, wants, node }: Step, x: string, dy: string, scale: string, axes: readonly number[]): string {
  if (wants(1) || wants(2)) throw noGradient(node, 'its scale depends on the input; wanted a constant scale');
  const share = 1 / sizeOf(axes.map((axis) => b.dims(x)[axis]));
  const mean = (a: string) => b.scale(b.reduceSum(a, axes), share);
  const centred = b.sub(x, mean(x));
  const deviation = b.map('Sqrt', b.add(mean(b.mul(centred, centred)), b.float(number(node, 'epsilon', 1e-5))));
  const n = b.div(centred, deviation);
  const g = b.mul(dy, scale);
  return b.div(b.sub(b.sub(g, mean(g)), b.mul(n, mean(b.mul(g, n)))), deviation);
}

/** Statistics of each row from an axis on, scale and shift by element. */
export const LayerNormalization: Rule = (step) => {
  const { b, node, node: { inputs: [x, scale] } } = step;
  const axes = b.dims(x).map((_, axis) => axis);
  return byOwnStatistics(step, scale, axes.slice(int(node, 'axis', -1)));
};

/** Statistics of each channel of each image, scale and shift by channel. */
export const InstanceNormalization: Rule = (step) => {
  const { b, node: { inputs: [x, scale] } } = step;
  const [, channels, ...space] = b.dims(x);
  return byOwnStatistics(step, b.reshape(scale, [channels, ...space.map(() => 1)]), space.map((_, axis) => axis + 2));
};

/** Statistics of each group of channels of each image, scale and shift by group (opset 18 to 20). */
export const GroupNormalization: Rule = (step) => {
  const { b, dy, node, node: { inputs: [x, scale] } } = step;
  const groups = int(node, 'num_groups', 1);
  const [batch] = b.dims(x);
  const apart = [batch, groups, b.size(x) / (batch * groups)];
  const dx = statisticsBack(step, b.reshape(x, apart), b.reshape(dy, apart), b.reshape(scale, [groups, 1]), [2]);
  return [b.reshape(dx, b.dims(x))];
};

/** y = x / |x| along an axis, with n = |x|: p = 2: dx = (dy - y sum(dy y)) / n; p = 1: dx = (dy - sign(x) sum(dy y)) / n. */
export const LpNormalization: Rule = ({ b, dy, node, node: { inputs: [x], outputs: [y] } }) => {
  const axis = int(node, 'axis', -1);
  const along = [axis < 0 ? axis + b.dims(x).length : axis];
  const power = int(node, 'p', 2);
  const sum = b.reduceSum(power === 1 ? b.map('Abs', x) : b.mul(x, x), along);
  const norm = power === 1 ? sum : b.map('Sqrt', sum);
  const direction = power === 1 ? b.map('Sign', x) : y;
  const safe = b.where(b.compare('Equal', norm, 0), b.float(1), norm);
  return [b.div(b.sub(dy, b.mul(direction, b.reduceSum(b.mul(dy, y), along))), safe)];
};

/**
 * y = x / d^beta with d = bias + alpha / size (sum of x^2 over the channels around): with W the 0/1 matrix of who is around whom,
 * dx = dy / d^beta - 2 alpha beta / size x W^T (dy y / d).
 */
export const LRN: Rule = ({ b, dy, node, node: { inputs: [x], outputs: [y] } }) => {
  const size = int(node, 'size', 1);
  const [alpha, beta, bias] = [number(node, 'alpha', 1e-4), number(node, 'beta', 0.75), number(node, 'bias', 1)];
  const [batch, channels, ...space] = b.dims(x);
  const flat = [batch, channels, sizeOf(space)];
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  const isNear = (row: number, column: number) => Number(column >= row - before && column <= row + after);
  const near = Array.from({ length: channels * channels }, (_, i) => isNear(Math.floor(i / channels), i % channels));
  const around = b.float(near, [channels, channels]);
  const [rows, g, out] = [b.reshape(x, flat), b.reshape(dy, flat), b.reshape(y, flat)];
  const d = b.add(b.scale(b.node('MatMul', [around, b.mul(rows, rows)], flat), alpha / size), b.float(bias));
  const back = b.node('MatMul', [b.transpose(around, [1, 0]), b.div(b.mul(g, out), d)], flat);
  const direct = b.mul(g, b.node('Pow', [d, b.float(-beta)], flat));
  return [b.reshape(b.sub(direct, b.scale(b.mul(rows, back), (2 * alpha * beta) / size)), b.dims(x))];
};
