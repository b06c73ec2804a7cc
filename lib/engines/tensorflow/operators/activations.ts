// Activations, in the forms whose slope at the kinks is PyTorch's.
import { numbersOf } from '../../../onnx/constants.ts';
import { int, number, text } from '../../../onnx/node.ts';
import { choose, detached, mask, type Operator, type Step, type Tf, type Value } from '../step.ts';

const unary = (compute: (tf: Tf, x: Value, step: Step) => Value): Operator => (step) => compute(step.tf, step.inputs[0], step);

export const Relu = unary((tf, x) => tf.relu(x));
export const LeakyRelu = unary((tf, x, { node }) => tf.leakyRelu(x, number(node, 'alpha', 0.01)));
export const PRelu: Operator = ({ tf, inputs: [x, slope] }) => choose(tf, () => tf.greater(x, 0), x, tf.mul(x, slope));
export const ThresholdedRelu = unary((tf, x, { node }) =>
  choose(tf, () => tf.greater(x, number(node, 'alpha', 1)), x, tf.zerosLike(x)),
);

/** x > 0 ? x : alpha (exp(x / width) - 1). */
function exponential(tf: Tf, x: Value, alpha: number, width = 1): Value {
  // Where it is not taken, exp is kept from growing beyond float32.
  const falling = tf.mul(alpha, tf.sub(tf.exp(tf.div(tf.minimum(x, 0), width)), 1));
  return choose(tf, () => tf.greater(x, 0), x, falling);
}

export const Elu = unary((tf, x, { node }) => exponential(tf, x, number(node, 'alpha', 1)));
export const Celu = unary((tf, x, { node }) => exponential(tf, x, number(node, 'alpha', 1), number(node, 'alpha', 1)));
export const Selu = unary((tf, x, { node }) =>
  tf.mul(number(node, 'gamma', 1.0507009873554805), exponential(tf, x, number(node, 'alpha', 1.6732632423543772))),
);
export const Sigmoid = unary((tf, x) => tf.sigmoid(x));
export const Tanh = unary((tf, x) => tf.tanh(x));
export const Softplus = unary((tf, x) => tf.softplus(x));
export const Softsign = unary((tf, x) => tf.div(x, tf.add(1, tf.mul(x, detached(tf, () => tf.sign(x))))));
export const Mish = unary((tf, x) => tf.mul(x, tf.tanh(tf.softplus(x))));

/** clip(slope x + shift, 0, 1), flat at both ends. */
function ramp(tf: Tf, x: Value, slope: number, shift: number): Value {
  const line = tf.add(tf.mul(x, slope), shift);
  const inside = () => tf.logicalAnd(tf.greater(line, 0), tf.less(line, 1));
  return choose(tf, inside, line, detached(tf, () => tf.clipByValue(line, 0, 1)));
}
export const HardSigmoid = unary((tf, x, { node }) => ramp(tf, x, number(node, 'alpha', 0.2), number(node, 'beta', 0.5)));
export const HardSwish = unary((tf, x) => tf.mul(x, ramp(tf, x, 1 / 6, 0.5)));

/** x times the normal cumulative distribution, or its approximation by tanh. */
export const Gelu = unary((tf, x, { node }) => {
  const tanh = () => tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x))))));
  const bend = text(node, 'approximate', 'none') === 'tanh' ? tanh() : tf.erf(tf.mul(x, Math.SQRT1_2));
  return tf.mul(tf.mul(x, 0.5), tf.add(bend, 1));
});

export const Shrink = unary((tf, x, { node }) => {
  const [bias, bound] = [number(node, 'bias', 0), number(node, 'lambd', 0.5)];
  const raised = choose(tf, () => tf.less(x, -bound), tf.add(x, bias), tf.zerosLike(x));
  return choose(tf, () => tf.greater(x, bound), tf.sub(x, bias), raised);
});

/** The ends count as inside, as in torch.clamp, but for those of ReLU6. */
export const Clip: Operator = ({ tf, call, inputs: [x, low, high] }) => {
  const numberAt = (index: number, fallback: number) => {
    const bound = call.inputs[index];
    if (!bound) return fallback;
    return bound.constant ? numbersOf(bound.constant)[0] : undefined;
  };
  const [least, most] = [numberAt(1, -Infinity), numberAt(2, Infinity)];
  if (least === 0 && most === 6) return choose(tf, () => tf.less(x, 6), tf.relu(x), tf.fill(x.shape, 6));
  if (least !== undefined && most !== undefined && least <= most) return tf.clipByValue(x, least, most);
  const raised = low ? tf.maximum(x, low) : x;
  return high ? tf.minimum(raised, high) : raised;
};

/** x minus its largest along the axis, which changes neither softmax nor its slope. */
function shifted({ tf, node, inputs: [x] }: Step): { axis: number; shifted: Value } {
  const axis = int(node, 'axis', -1);
  return { axis, shifted: tf.sub(x, detached(tf, () => tf.max(x, axis, true))) };
}

export const Softmax: Operator = (step) => {
  const { axis, shifted: x } = shifted(step);
  const grown = step.tf.exp(x);
  return step.tf.div(grown, step.tf.sum(grown, axis, true));
};

export const LogSoftmax: Operator = (step) => {
  const { axis, shifted: x } = shifted(step);
  return step.tf.sub(x, step.tf.log(step.tf.sum(step.tf.exp(x), axis, true)));
};

/** 1 at the first largest along the axis, else 0. */
export const Hardmax: Operator = ({ tf, node, inputs: [x] }) => {
  const axis = int(node, 'axis', -1);
  const last = axis < 0 ? axis + x.rank : axis;
  const winner = tf.argMax(x, last);
  const order = x.shape.map((_, at) => (at < last ? at : at === last ? x.rank - 1 : at - 1));
  return tf.transpose(mask(tf, tf.oneHot(tf.cast(winner, 'int32'), x.shape[last])), order);
};
