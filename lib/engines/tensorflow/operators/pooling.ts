// Pooling, as operations on the phases of the windows: the library's own has no dilation, no ceil mode and other ties on other hardware.
import { sizeOf } from '../../../tensor.ts';
import { windowsOf } from '../../../onnx/geometry.ts';
import { int, ints } from '../../../onnx/node.ts';
import { phases } from '../frame.ts';
import { choose, detached, type Operator, type Step, type Value } from '../step.ts';

const windows = ({ node, inputs: [x] }: Step) => windowsOf(node, x.shape.slice(2), ints(node, 'kernel_shape')!);

/** The largest of each window; a tie goes to the first in reading order, as in PyTorch. Second output: where it was. */
export const MaxPool: Operator = (step) => {
  const { tf, node, inputs: [x] } = step;
  const [first, ...rest] = phases(tf, x, windows(step), -Infinity);
  if (!node.outputs[1]) return rest.reduce((most, next) => choose(tf, () => tf.greater(next, most), next, most), first);
  const [firstAt, ...restAt] = phases(tf, placesIn(step), windows(step), -1);
  let most = first;
  let at = firstAt;
  rest.forEach((next, i) => {
    // A window's first element may lie in the padding, and every real one equal it in value: -1 gives way.
    const [best, bestAt] = [most, at];
    const wins = detached(tf, () =>
      tf.logicalOr(tf.greater(next, best), tf.logicalAnd(tf.less(bestAt, 0), tf.greaterEqual(restAt[i], 0))),
    );
    most = tf.where(wins, next, most);
    at = tf.where(wins, restAt[i], at);
  });
  return [most, tf.cast(at, 'int32')];
};

/** Every element's index in the whole tensor, as float32: exact below 2^24. */
function placesIn({ tf, node, inputs: [x] }: Step): Value {
  const places = tf.range(0, x.size, 1, 'float32');
  if (int(node, 'storage_order', 0) === 0) return tf.reshape(places, x.shape);
  const [batch, channels, ...spatial] = x.shape;
  const turned = tf.reshape(places, [batch, channels, ...spatial.toReversed()]);
  return tf.transpose(turned, [0, 1, ...spatial.map((_, axis) => x.rank - 1 - axis)]);
}

/** The mean of each window; padding counts only if asked, what ceil_mode adds beyond it never. */
export const AveragePool: Operator = (step) => {
  const { tf, node, inputs: [x] } = step;
  const found = windows(step);
  const sum = phases(tf, x, found, 0).reduce((a, b) => tf.add(a, b));
  const spatial = x.shape.slice(2);
  const padded = int(node, 'count_include_pad', 0) === 1;
  const { padsBegin, padsEnd } = found;
  const counts = detached(tf, () => {
    const sizes = padded ? spatial.map((size, axis) => size + padsBegin[axis] + padsEnd[axis]) : spatial;
    const counted = padded ? { ...found, padsBegin: padsBegin.map(() => 0) } : found;
    return phases(tf, tf.ones([1, 1, ...sizes]), counted, 0).reduce((a, b) => tf.add(a, b));
  });
  return tf.div(sum, counts);
};

const powers = (step: Step, x: Value) => step.tf.pow(step.tf.abs(x), int(step.node, 'p', 2));
const root = (step: Step, x: Value) => step.tf.pow(x, 1 / int(step.node, 'p', 2));

export const LpPool: Operator = (step) =>
  root(step, phases(step.tf, powers(step, step.inputs[0]), windows(step), 0).reduce((a, b) => step.tf.add(a, b)));
export const GlobalLpPool: Operator = (step) => root(step, step.tf.sum(powers(step, step.inputs[0]), spaceOf(step), true));

const spaceOf = ({ inputs: [x] }: Step) => x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));

export const GlobalAveragePool: Operator = (step) => step.tf.mean(step.inputs[0], spaceOf(step), true);

/** The largest over space; a tie goes to the first in reading order. */
export const GlobalMaxPool: Operator = ({ tf, inputs: [x], dims: [dims] }) => {
  const [batch, channels, ...spatial] = x.shape;
  const flat = tf.reshape(x, [batch, channels, sizeOf(spatial)]);
  const won = () => tf.cast(tf.oneHot(tf.cast(tf.argMax(flat, 2), 'int32'), sizeOf(spatial)), 'bool');
  return tf.reshape(tf.sum(choose(tf, won, flat, tf.zerosLike(flat)), 2), [...dims]);
};

/** Puts values back where MaxPool found them, zeros elsewhere; indices are into the output. */
export const MaxUnpool: Operator = ({ tf, inputs: [x, indices], dims: [dims] }) => {
  const places = tf.cast(tf.reshape(indices, [indices.size, 1]), 'int32');
  return tf.reshape(tf.scatterND(places, tf.reshape(x, [x.size]), [sizeOf(dims)]), [...dims]);
};
