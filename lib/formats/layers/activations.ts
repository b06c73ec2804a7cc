// Activations, by the names Keras gives them and as layers of their own.
import { float } from '../../onnx/node.ts';
import type { NetworkBuilder, Value } from './builder.ts';
import { input, weights, type Call, type Dialect, type LayerFunction } from './call.ts';
import { entry, isObject, textOf } from './json.ts';
import { Options } from './options.ts';
import { shortened, unsupportedLayer } from './problem.ts';
import { constant, transposed } from './weights.ts';

type Activation = (b: NetworkBuilder, x: Value, dialect: Dialect) => Value;

const plain = (op: string): Activation => (b, x) => b.same(op, x);

/** x * sigmoid(x). */
const swish: Activation = (b, x) => b.same('Mul', x, [b.same('Sigmoid', x).name]);

/** min(max(x, least), most). */
const clip = (b: NetworkBuilder, x: Value, least: number, most: number): Value =>
  b.same('Clip', x, [b.floats([least]), b.floats([most])]);

/** Before Keras 3 the slope was 0.2, since then it is 1/6. */
const hardSigmoid: Activation = (b, x, dialect) =>
  b.same('HardSigmoid', x, [], { alpha: float(dialect === 'keras3' ? 1 / 6 : 0.2), beta: float(0.5) });

const softmax: Activation = (b, x) => b.same('Softmax', b.last(x), [], { axis: -1 });

/** The names that `activation=` takes. */
const activations: Readonly<Record<string, Activation>> = {
  linear: (_, x) => x,
  relu: plain('Relu'),
  relu6: (b, x) => clip(b, x, 0, 6),
  leaky_relu: (b, x) => b.same('LeakyRelu', x, [], { alpha: float(0.2) }),
  sigmoid: plain('Sigmoid'),
  hard_sigmoid: hardSigmoid,
  tanh: plain('Tanh'),
  elu: (b, x) => b.same('Elu', x, [], { alpha: float(1) }),
  selu: plain('Selu'),
  gelu: (b, x) => b.same('Gelu', x),
  gelu_new: (b, x) => b.same('Gelu', x, [], { approximate: 'tanh' }),
  swish,
  silu: swish,
  hard_swish: plain('HardSwish'),
  hard_silu: plain('HardSwish'),
  softplus: plain('Softplus'),
  softsign: plain('Softsign'),
  exponential: plain('Exp'),
  mish: plain('Mish'),
  softmax,
  log_softmax: (b, x) => b.same('LogSoftmax', b.last(x), [], { axis: -1 }),
};

/** `x` after the activation that the option `activation` names; `x` itself when there is none. */
export function activate(call: Call, x: Value): Value {
  const { options, place, b, dialect } = call;
  const value = options.any('activation') ?? 'linear';
  const inner = isObject(value) ? entry(value, 'config') : undefined;
  // Keras writes a function of the student's own as an object that holds its name, and a layer as that layer is described.
  const name = isObject(value) ? textOf(typeof inner === 'string' ? inner : entry(value, 'class_name')) : textOf(value);
  if (!isObject(value) && Object.hasOwn(activations, name)) return activations[name](b, x, dialect);
  if (isObject(inner) && Object.hasOwn(weightless, name)) {
    const own = new Options(place, inner);
    const y = weightless[name]({ ...call, options: own, inputs: [x] });
    own.finish();
    return y;
  }
  const what = `has the activation "${shortened(name)}", which Gauntlet does not know`;
  throw unsupportedLayer(place, 'custom-activation', what, "Use one of Keras's own activations");
}

export const Activation: LayerFunction = (call) => activate(call, input(call));

/** Zero up to the threshold (with a slope there, if any), at most max_value. */
export const ReLU: LayerFunction = (call) => {
  const { options, b } = call;
  const x = input(call);
  const most = options.maybeNumber('max_value');
  const slope = options.number('negative_slope', 0);
  const threshold = options.number('threshold', 0);
  if (threshold !== 0 && slope !== 0) throw options.wrong('threshold', '0 beside a negative_slope');
  const cut = (y: Value) => (most === undefined ? y : b.same('Min', y, [b.floats([most])]));
  if (threshold !== 0) return cut(b.same('ThresholdedRelu', x, [], { alpha: float(threshold) }));
  if (slope !== 0) return cut(b.same('LeakyRelu', x, [], { alpha: float(slope) }));
  return most === undefined ? b.same('Relu', x) : clip(b, x, 0, most);
};

/** The slope has been called alpha and negative_slope. */
export const LeakyReLU: LayerFunction = (call) => {
  const slope = call.options.maybeNumber('negative_slope') ?? call.options.number('alpha', 0.3);
  return call.b.same('LeakyRelu', input(call), [], { alpha: float(slope) });
};

export const ELU: LayerFunction = (call) => call.b.same('Elu', input(call), [], { alpha: float(call.options.number('alpha', 1)) });

export const ThresholdedReLU: LayerFunction = (call) =>
  call.b.same('ThresholdedRelu', input(call), [], { alpha: float(call.options.number('theta', 1)) });

/** One slope per element, shared along some axes (counted with the batch). */
export const PReLU: LayerFunction = (call) => {
  const x = input(call);
  const shared = call.options.any('shared_axes') === undefined ? [] : call.options.integers('shared_axes');
  const { alpha } = weights(call, { alpha: x.dims.map((size, i) => (shared.includes(i + 1) ? 1 : size)) });
  const slope = x.first ? transposed(alpha, [2, 0, 1]) : alpha;
  return call.b.same('PRelu', x, [call.b.constant('alpha', constant(slope))]);
};

export const Softmax: LayerFunction = (call) => {
  const x = call.b.last(input(call));
  const axis = call.options.any('axis');
  const one = Array.isArray(axis) && axis.length === 1 ? axis[0] : (axis ?? -1);
  const rank = x.dims.length + 1;
  if (!Number.isInteger(one) || one === 0 || one < -x.dims.length || one >= rank) throw call.options.wrong('axis', 'one axis of an image');
  return call.b.same('Softmax', x, [], { axis: one });
};

/** The layers that may also stand where an activation is named. */
const weightless: Readonly<Record<string, LayerFunction>> = { ReLU, LeakyReLU, ELU, ThresholdedReLU, Softmax };
