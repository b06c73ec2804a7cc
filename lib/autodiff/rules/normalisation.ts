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
function byOwnStatistics({ b, dy, wants, node, node: { inputs: [x] } }: Step, scale: string, axes: readonly number[]): string[] {
  if (wants(1) || wants(2)) throw noGradient(node, 'its scale depends on the input; wanted a constant scale');
  const share = 1 / sizeOf(axes.map((axis) => b.dims(x)[axis]));
  const mean = (a: string) => b.scale(b.reduceSum(a, axes), share);
  const centred = b.sub(x, mean(x));
  const deviation = b.map('Sqrt', b.add(mean(b.mul(centred, centred)), b.float(number(node, 'epsilon', 1e-5))));
  const n = b.div(centred, deviation);
  const g = b.mul(dy, scale);
  return [b.div(b.sub(b.sub(g, mean(g)), b.mul(n, mean(b.mul(g, n)))), deviation)];
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
