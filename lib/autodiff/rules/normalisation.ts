// Rules of normalisations with fixed statistics.
import { int, number } from '../../onnx/node.ts';
import { noGradient, type Rule } from '../rule.ts';

/** y = scale (x - mean) / sqrt(variance + epsilon) + shift per channel: dx = dy scale / sqrt(variance + epsilon). */
export const BatchNormalization: Rule = ({ b, dy, wants, node, node: { inputs: [x, scale, , , variance] } }) => {
  if (int(node, 'training_mode', 0) !== 0) throw noGradient(node, 'it is in training mode; wanted a model exported for inference');
  if ([1, 2, 3, 4].some((input) => wants(input))) throw noGradient(node, 'its statistics depend on the input; wanted constant statistics');
  const deviation = b.map('Sqrt', b.add(variance, b.float(number(node, 'epsilon', 1e-5))));
  const dims = b.dims(x);
  const column = [dims[1] ?? 1, ...dims.slice(2).map(() => 1)];
  return [b.mul(dy, b.reshape(b.div(scale, deviation), column))];
};
