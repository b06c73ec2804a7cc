// Resizing: along each axis a fixed matrix of weights, so that its gradient is a matrix product too.
import { floatsOf } from '../../../onnx/constants.ts';
import { int, ints, nameOf, number, text } from '../../../onnx/node.ts';
import { integersAt } from '../../../onnx/shapes/call.ts';
import type { Operator, Step, Tf, Value } from '../step.ts';

type Axis = { size: number; length: number; scale: number };

/** Where in the input the middle of an output element lies. */
const positions: Record<string, (i: number, axis: Axis) => number> = {
  half_pixel: (i, { scale }) => (i + 0.5) / scale - 0.5,
  half_pixel_symmetric: (i, { size, length, scale }) => {
    return (size / 2) * (1 - length / (scale * size)) + (i + 0.5) / scale - 0.5;
  },
  pytorch_half_pixel: (i, { length, scale }) => (length > 1 ? (i + 0.5) / scale - 0.5 : 0),
  asymmetric: (i, { scale }) => i / scale,
  align_corners: (i, { size, length }) => (length === 1 ? 0 : (i * (size - 1)) / (length - 1)),
};

const roundings: Record<string, (position: number) => number> = {
  round_prefer_floor: (position) => Math.ceil(position - 0.5),
  round_prefer_ceil: (position) => Math.floor(position + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** The weights of neighbours around a position: [input element, weight]. `spread` times as many as usual count when antialiased. */
function weightsOf(step: Step, position: number, spread: number): [number, number][] {
  const { node } = step;
  const mode = text(node, 'mode', 'nearest');
  if (mode === 'nearest') return [[roundings[text(node, 'nearest_mode', 'round_prefer_floor')](position), 1]];
  const a = number(node, 'cubic_coeff_a', -0.75);
  const near = (t: number) => (a + 2) * t ** 3 - (a + 3) * t ** 2 + 1;
  const far = (t: number) => (t < 2 ? a * t ** 3 - 5 * a * t ** 2 + 8 * a * t - 4 * a : 0);
  const count = (mode === 'linear' ? 1 : 2) * spread;
  const neighbours: [number, number][] = [];
  for (let from = Math.ceil(position - count); from <= position + count; from++) {
    const t = Math.abs(from - position) / spread;
    const linear = Math.max(0, 1 - t);
    neighbours.push([from, mode === 'linear' ? linear : t <= 1 ? near(t) : far(t)]);
  }
  const sum = neighbours.reduce((total, [, weight]) => total + weight, 0);
  return neighbours.map(([from, weight]) => [from, weight / sum]);
}

/** [size, length]: column i holds what output element i takes of every input element. */
function matrixOf(step: Step, axis: Axis): Float32Array {
  const place = positions[text(step.node, 'coordinate_transformation_mode', 'half_pixel')];
  // Neighbours outside the image are left out, or else stand for the nearest inside.
  const leaveOut = int(step.node, 'exclude_outside', 0);
  const matrix = new Float32Array(axis.size * axis.length);
  for (let i = 0; i < axis.length; i++) {
    const position = place(i, axis);
    const spread = int(step.node, 'antialias', 0) ? Math.max(1, 1 / axis.scale) : 1;
    const neighbours = weightsOf(step, position, spread);
    const inside = neighbours.filter(([from]) => leaveOut === 0 || (from >= 0 && from < axis.size));
    const sum = leaveOut === 0 ? 1 : inside.reduce((total, [, weight]) => total + weight, 0);
    for (const [from, weight] of inside) {
      matrix[Math.min(Math.max(from, 0), axis.size - 1) * axis.length + i] += weight / sum;
    }
  }
  return matrix;
}

export const Resize: Operator = (step) => {
  const { tf, node, call, inputs: [x], dims: [dims] } = step;
  const known = Object.hasOwn(positions, text(node, 'coordinate_transformation_mode', 'half_pixel'));
  if (!known) throw new Error(`${nameOf(node)}: the engine tensorflow resizes whole images alone, no crops.`);
  const axes = (ints(node, 'axes') ?? [...dims.keys()]).map((axis) => (axis < 0 ? axis + dims.length : axis));
  const scales = integersAt(call, 3)?.length ? undefined : floatsOf(call.inputs[2]!.constant!);
  return axes.reduce((image, axis, i) => {
    const size = x.shape[axis];
    const scale = scales ? scales[i] : dims[axis] / size;
    if (scale === 1) return image;
    const matrix = tf.tensor2d(matrixOf(step, { size, length: dims[axis], scale }), [size, dims[axis]]);
    return along(tf, image, axis, matrix);
  }, x);
};

/** x times a matrix [size, length] along one axis. */
function along(tf: Tf, x: Value, axis: number, matrix: Value): Value {
  const order = x.shape.map((_, at) => at).filter((at) => at !== axis).concat(axis);
  const last = tf.transpose(x, order);
  const product = tf.matMul(tf.reshape(last, [-1, matrix.shape[0]!]), matrix);
  const whole = tf.reshape(product, [...last.shape.slice(0, -1), matrix.shape[1]!]);
  return tf.transpose(whole, x.shape.map((_, at) => order.indexOf(at)));
}
