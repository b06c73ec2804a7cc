// Rules of activations: dx = dy times the slope at x. Gates are Cast and Mul rather than Where, which is slower.
import { float, int, number, text } from '../../onnx/node.ts';
import { floatsOf } from '../../onnx/constants.ts';
import type { Builder } from '../builder.ts';
import { blocked, isBlocked, steep } from '../blocked.ts';
import { noGradient, type Rule, type Step } from '../rule.ts';

/** dy where the condition holds, else 0. */
function gate({ b, dy }: Step, condition: string): string {
  return b.mul(dy, b.toFloat(condition));
}

/** 1 where x > 0, else 0: a ramp so steep that two of them leave nothing between, not even for denormal numbers. */
function positive(b: Builder, x: string): string {
  const ramp = { alpha: float(steep), beta: float(0) };
  return b.map('HardSigmoid', b.map('HardSigmoid', x, ramp), ramp);
}

/** 1 where y < 6, else 0, for y <= 6: the next smaller number is so much smaller that the ramp is over. */
function belowSix(b: Builder, y: string): string {
  return b.map('HardSigmoid', y, { alpha: float(-steep), beta: float(6 * steep) });
}

/** y = max(x, 0): dx = dy where y > 0; 0 at 0, as in PyTorch. */
export const Relu: Rule = (step) => {
  const { b, dy, node: { inputs: [x], outputs: [y] } } = step;
  return [isBlocked(b, x) ? b.mul(blocked(b, dy), positive(b, y)) : gate(step, b.compare('Greater', y, 0))];
};

/** y = x > 0 ? x : alpha x: dx = dy times 1 or alpha. */
export const LeakyRelu: Rule = ({ b, dy, node, node: { inputs: [x] } }) => {
  const alpha = number(node, 'alpha', 0.01);
  if (isBlocked(b, x) && alpha >= 0 && alpha <= 1) {
    return [b.mul(blocked(b, dy), b.map('HardSigmoid', positive(b, x), { alpha: float(1 - alpha), beta: float(alpha) }))];
  }
  const slope = b.add(b.scale(b.toFloat(b.compare('Greater', x, 0)), 1 - alpha), b.float(alpha));
  return [b.mul(dy, slope)];
};

/** y = x > 0 ? x : slope x, the slope a constant that broadcasts: dx = dy times 1 or slope. */
export const PRelu: Rule = ({ b, dy, wants, node, node: { inputs: [x, slope] } }) => {
  if (wants(1)) throw noGradient(node, 'its slope depends on the input; wanted a constant slope');
  return [b.mul(dy, b.where(b.compare('Greater', x, 0), b.float(1), slope))];
};

/** y = x > alpha ? x : 0: dx = dy where x > alpha. */
export const ThresholdedRelu: Rule = (step) => {
  const { b, node, node: { inputs: [x] } } = step;
  return [gate(step, b.compare('Greater', x, number(node, 'alpha', 1)))];
};

/** y = x - bias above lambd, x + bias below -lambd, else 0: dx = dy where |x| > lambd. */
export const Shrink: Rule = (step) => {
  const { b, node, node: { inputs: [x] } } = step;
  return [gate(step, b.compare('Greater', b.map('Abs', x), number(node, 'lambd', 0.5)))];
};

/** y = x > 0 ? x : alpha (exp(x) - 1): dx = dy times 1 or y + alpha. */
export const Elu: Rule = ({ b, dy, node, node: { inputs: [x], outputs: [y] } }) => {
  const falling = b.add(y, b.float(number(node, 'alpha', 1)));
  return [b.mul(dy, b.where(b.compare('Greater', x, 0), b.float(1), falling))];
};

/** y = max(0, x) + min(0, alpha (exp(x / alpha) - 1)): dx = dy times 1 or y / alpha + 1. */
export const Celu: Rule = ({ b, dy, node, node: { inputs: [x], outputs: [y] } }) => {
  const falling = b.add(b.scale(y, 1 / number(node, 'alpha', 1)), b.float(1));
  return [b.mul(dy, b.where(b.compare('Greater', x, 0), b.float(1), falling))];
};

/** y = gamma (x > 0 ? x : alpha (exp(x) - 1)): dx = dy times gamma or y + gamma alpha. */
export const Selu: Rule = ({ b, dy, node, node: { inputs: [x], outputs: [y] } }) => {
  const alpha = number(node, 'alpha', 1.6732632423543772);
  const gamma = number(node, 'gamma', 1.0507009873554805);
  return [b.mul(dy, b.where(b.compare('Greater', x, 0), b.float(gamma), b.add(y, b.float(alpha * gamma))))];
};

/** y = 1 / (1 + exp(-x)): dx = dy y (1 - y). */
export const Sigmoid: Rule = ({ b, dy, node: { outputs: [y] } }) => [b.mul(dy, b.mul(y, b.sub(b.float(1), y)))];

/** y = tanh(x): dx = dy (1 - y^2). */
export const Tanh: Rule = ({ b, dy, node: { outputs: [y] } }) => [b.mul(dy, b.sub(b.float(1), b.mul(y, y)))];

/** y = x / (1 + |x|): dx = dy / (1 + |x|)^2. */
export const Softsign: Rule = ({ b, dy, node: { inputs: [x] } }) => {
  const spread = b.add(b.map('Abs', x), b.float(1));
  return [b.div(dy, b.mul(spread, spread))];
};

/** y = log(1 + exp(x)): dx = dy sigmoid(x). */
export const Softplus: Rule = ({ b, dy, node: { inputs: [x] } }) => [b.mul(dy, b.map('Sigmoid', x))];

/** y = x t with t = tanh(softplus(x)): dx = dy (t + x (1 - t^2) sigmoid(x)). */
export const Mish: Rule = ({ b, dy, node: { inputs: [x] } }) => {
  const t = b.map('Tanh', b.map('Softplus', x));
  const bend = b.mul(b.mul(x, b.map('Sigmoid', x)), b.sub(b.float(1), b.mul(t, t)));
  return [b.mul(dy, b.add(t, bend))];
};

/** y = clip(alpha x + beta, 0, 1): dx = alpha dy where 0 < y < 1. */
export const HardSigmoid: Rule = (step) => {
  const { b, node, node: { outputs: [y] } } = step;
  const inside = b.node('And', [b.compare('Greater', y, 0), b.compare('Less', y, 1)], b.dims(y));
  return [b.scale(gate(step, inside), number(node, 'alpha', 0.2))];
};

/** y = x clip(x / 6 + 1/2, 0, 1): dx = dy (clip(x / 6 + 1/2, 0, 1) + x / 6 where |x| < 3). */
export const HardSwish: Rule = ({ b, dy, node: { inputs: [x] } }) => {
  const factor = b.map('HardSigmoid', x, { alpha: float(1 / 6), beta: float(0.5) });
  const inside = b.toFloat(b.compare('Less', b.map('Abs', x), 3));
  return [b.mul(dy, b.add(factor, b.mul(b.scale(x, 1 / 6), inside)))];
};

/**
 * y = x cdf(x) with the normal cdf: dx = dy (cdf(x) + x pdf(x)). With approximate = tanh, cdf(x) = (1 + t) / 2 where
 * t = tanh(u), u = c (x + a x^3), c = sqrt(2 / pi), a = 0.044715, so that pdf(x) = (1 - t^2) c (1 + 3 a x^2) / 2.
 */
export const Gelu: Rule = ({ b, dy, node, node: { inputs: [x] } }) => {
  const square = b.mul(x, x);
  let cdf: string;
  let pdf: string;
  if (text(node, 'approximate', 'none') === 'tanh') {
    const c = Math.sqrt(2 / Math.PI);
    const a = 0.044715;
    const t = b.map('Tanh', b.mul(x, b.add(b.scale(square, c * a), b.float(c))));
    cdf = b.scale(b.add(t, b.float(1)), 0.5);
    pdf = b.mul(b.sub(b.float(1), b.mul(t, t)), b.add(b.scale(square, 1.5 * c * a), b.float(c / 2)));
  } else {
    cdf = b.scale(b.add(b.map('Erf', b.scale(x, Math.SQRT1_2)), b.float(1)), 0.5);
    pdf = b.scale(b.map('Exp', b.scale(square, -0.5)), 1 / Math.sqrt(2 * Math.PI));
  }
  return [b.mul(dy, b.add(cdf, b.mul(x, pdf)))];
};

/**
 * y = min(max(x, low), high): dx = dy where low <= x <= high. The ends count as inside, as in torch.clamp, so that a model
 * which clips its input to [0,1] keeps the gradient of black and white pixels; not so those of ReLU6, which is a Clip in ONNX.
 */
export const Clip: Rule = (step) => {
  const { b, wants, node, node: { inputs: [x, low, high] } } = step;
  if ((low && wants(1)) || (high && wants(2))) throw noGradient(node, 'its bounds depend on the input; wanted constant bounds');
  if (boundOf(b, low) === 0 && boundOf(b, high) === 6) return relu6(step);
  const tests = [...(low ? [b.compare('GreaterOrEqual', x, low)] : []), ...(high ? [b.compare('LessOrEqual', x, high)] : [])];
  if (tests.length === 0) return [step.dy];
  return [gate(step, tests.length === 2 ? b.node('And', tests, b.dims(x)) : tests[0])];
};

function boundOf(b: Builder, name: string): number | undefined {
  const value = name ? b.value(name) : undefined;
  return value?.type === 'float32' ? floatsOf(value)[0] : undefined;
}

/** y = min(max(x, 0), 6): dx = dy where 0 < y < 6, as in PyTorch and TensorFlow. */
const relu6: Rule = (step) => {
  const { b, dy, node: { inputs: [x], outputs: [y] } } = step;
  if (isBlocked(b, x)) return [b.mul(b.mul(blocked(b, dy), positive(b, y)), belowSix(b, y))];
  return [gate(step, b.node('And', [b.compare('Greater', y, 0), b.compare('Less', y, 6)], b.dims(y)))];
};

function axisOf({ b, node }: Step): number {
  const axis = int(node, 'axis', -1);
  return axis < 0 ? axis + b.dims(node.outputs[0]).length : axis;
}

/** y = softmax(x) along an axis: dx = y (dy - sum(dy y)). */
export const Softmax: Rule = (step) => {
  const { b, dy, node: { outputs: [y] } } = step;
  return [b.mul(y, b.sub(dy, b.reduceSum(b.mul(dy, y), [axisOf(step)])))];
};

/** y = log softmax(x) along an axis: dx = dy - exp(y) sum(dy). */
export const LogSoftmax: Rule = (step) => {
  const { b, dy, node: { outputs: [y] } } = step;
  return [b.sub(dy, b.mul(b.map('Exp', y), b.reduceSum(dy, [axisOf(step)])))];
};
