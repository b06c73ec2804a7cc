// Normalisations, from their definitions.
import { int, ints, number } from '../../../onnx/node.ts';
import { framed } from '../frame.ts';
import { choose, detached, rootOf, upward, type Operator, type Tf, type Value } from '../step.ts';

/** A vector of one number per channel, to broadcast against [N, C, ...]. */
const perChannel = (tf: Tf, values: Value, rank: number) =>
  tf.reshape(values, [1, values.size, ...Array.from({ length: rank - 2 }, () => 1)]);

/** In inference: the statistics are constants. */
export const BatchNormalization: Operator = ({ tf, node, inputs: [x, scale, shift, mean, variance] }) => {
  const factor = tf.div(scale, tf.sqrt(tf.add(variance, number(node, 'epsilon', 1e-5))));
  const offset = tf.sub(shift, tf.mul(mean, factor));
  return tf.add(tf.mul(x, perChannel(tf, factor, x.rank)), perChannel(tf, offset, x.rank));
};

/** x less its mean over the axes, divided by its deviation there; and both. */
function standardised(tf: Tf, x: Value, axes: number[], epsilon: number) {
  const mean = tf.mean(x, axes, true);
  const centred = tf.sub(x, mean);
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), axes, true), epsilon));
  return { value: tf.mul(centred, inverse), mean, inverse };
}

const from = (first: number, rank: number) => Array.from({ length: rank - first }, (_, i) => first + i);

export const InstanceNormalization: Operator = ({ tf, node, inputs: [x, scale, shift] }) => {
  const { value } = standardised(tf, x, from(2, x.rank), number(node, 'epsilon', 1e-5));
  return tf.add(tf.mul(value, perChannel(tf, scale, x.rank)), perChannel(tf, shift, x.rank));
};

export const LayerNormalization: Operator = ({ tf, node, inputs: [x, scale, shift] }) => {
  const axes = from(upward(int(node, 'axis', -1), x.rank), x.rank);
  const { value, mean, inverse } = standardised(tf, x, axes, number(node, 'epsilon', 1e-5));
  const scaled = tf.mul(value, scale);
  return [shift ? tf.add(scaled, shift) : scaled, mean, inverse];
};

/** Scale and shift are given per group up to opset 20, per channel in graphs converted from later ones. */
export const GroupNormalization: Operator = ({ tf, node, inputs: [x, scale, shift] }) => {
  const groups = int(node, 'num_groups', 1);
  const [batch, channels] = x.shape;
  const { value } = standardised(tf, tf.reshape(x, [batch, groups, x.size / batch / groups]), [2], number(node, 'epsilon', 1e-5));
  const spread = (values: Value) => {
    const repeat = channels / values.size;
    const all = repeat === 1 ? values : tf.reshape(tf.tile(tf.reshape(values, [values.size, 1]), [1, repeat]), [channels]);
    return perChannel(tf, all, x.rank);
  };
  return tf.add(tf.mul(tf.reshape(value, x.shape), spread(scale)), spread(shift));
};

export const MeanVarianceNormalization: Operator = ({ tf, node, inputs: [x] }) => {
  const axes = [...(ints(node, 'axes') ?? [0, 2, 3])];
  const centred = tf.sub(x, tf.mean(x, axes, true));
  return tf.div(centred, tf.add(tf.sqrt(tf.mean(tf.square(centred), axes, true)), 1e-9));
};

/** Zero where the norm is. */
export const LpNormalization: Operator = ({ tf, node, inputs: [x] }) => {
  const axis = int(node, 'axis', -1);
  const sizes = () => tf.mul(x, detached(tf, () => tf.sign(x)));
  const norm = int(node, 'p', 2) === 1 ? tf.sum(sizes(), axis, true) : rootOf(tf, tf.sum(tf.square(x), axis, true));
  return tf.div(x, choose(tf, () => tf.equal(norm, 0), tf.onesLike(norm), norm));
};

/** Divides by a power of the squares of neighbouring channels. */
export const LRN: Operator = ({ tf, node, inputs: [x] }) => {
  const size = int(node, 'size', 1);
  const squares = tf.square(x);
  const neighbour = (offset: number) => framed(tf, squares, x.shape.map((_, axis) => (axis === 1 ? offset : 0)), x.shape);
  const sum = Array.from({ length: size }, (_, i) => neighbour(i - Math.floor((size - 1) / 2))).reduce((a, b) => tf.add(a, b));
  const base = tf.add(number(node, 'bias', 1), tf.mul(number(node, 'alpha', 1e-4) / size, sum));
  return tf.div(x, tf.pow(base, number(node, 'beta', 0.75)));
};

/** Does nothing once training is over; the mask it may be asked for is all true. */
export const Dropout: Operator = ({ tf, inputs: [x] }) => [tf.clone(x), tf.cast(tf.onesLike(x), 'bool')];
