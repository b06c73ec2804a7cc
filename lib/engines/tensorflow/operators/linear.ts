// Matrix products and convolutions. The library convolves [N, H, W, C] images of two axes without dilation; all else is brought there.
import type { Tensor4D } from '@tensorflow/tfjs';
import { transposedWindowsOf, windowsOf, type Geometry } from '../../../onnx/geometry.ts';
import { int, number } from '../../../onnx/node.ts';
import { framed } from '../frame.ts';
import type { Operator, Step, Tf, Value } from '../step.ts';

/** y = alpha A B + beta C. */
export const Gemm: Operator = ({ tf, node, inputs: [a, b, c] }) => {
  const product = tf.matMul(a, b, int(node, 'transA', 0) === 1, int(node, 'transB', 0) === 1);
  const scaled = (value: Value, name: string) => (number(node, name, 1) === 1 ? value : tf.mul(value, number(node, name, 1)));
  return c ? tf.add(scaled(product, 'alpha'), scaled(c, 'beta')) : scaled(product, 'alpha');
};

/** NumPy's product. One matrix on the right takes all rows at once; else outer axes are repeated, since the tape does not undo it. */
export const MatMul: Operator = ({ tf, inputs: [a, b], dims: [dims] }) => {
  const left = a.rank === 1 ? tf.reshape(a, [1, a.size]) : a;
  const right = b.rank === 1 ? tf.reshape(b, [b.size, 1]) : b;
  const [rows, inner] = left.shape.slice(-2);
  const columns = right.shape.at(-1)!;
  if (right.rank === 2) return tf.reshape(tf.matMul(tf.reshape(left, [-1, inner]), right), [...dims]);
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const stack = (x: Value, matrix: number[]) => tf.reshape(tf.broadcastTo(x, [...outer, ...matrix]), [-1, ...matrix]);
  return tf.reshape(tf.matMul(stack(left, [rows, inner]), stack(right, [inner, columns])), [...dims]);
};

const inLast = (tf: Tf, x: Value) => tf.transpose(x, [0, 2, 3, 1]) as Tensor4D;
const inSecond = (tf: Tf, x: Value) => tf.transpose(x, [0, 3, 1, 2]);
/** A kernel [to, from, h, w] as [h, w, from, to]. */
const kernelOf = (tf: Tf, w: Value) => tf.transpose(w, [2, 3, 1, 0]) as Tensor4D;

/** One spatial axis gets a second one of size 1; more than two the library cannot do here. */
function inPlane({ node, inputs: [x, w], tf }: Step, windows: Geometry) {
  const axes = x.rank - 2;
  if (axes > 2) throw new Error(`${node.op} "${node.name}" has ${axes} spatial axes; the engine tensorflow convolves one or two.`);
  const lift = (value: Value) => (axes === 2 ? value : tf.reshape(value, [...value.shape, 1]));
  const two = (values: readonly number[], missing: number): [number, number] => [values[0], values[1] ?? missing];
  const { kernel, strides, dilations, padsBegin, output } = windows;
  return {
    x: lift(x),
    w: dilated(tf, lift(w), two(dilations, 1)),
    strides: two(strides, 1),
    pads: two(padsBegin, 0),
    output: two(output, 1),
    reach: two(kernel.map((size, axis) => (size - 1) * dilations[axis] + 1), 1),
  };
}

/** The kernel with zeros between its elements; its gradients exist where those of a dilated convolution do not. */
function dilated(tf: Tf, w: Value, [down, across]: readonly [number, number]): Value {
  if (down === 1 && across === 1) return w;
  const [to, from, height, width] = w.shape;
  const apart = tf.pad(tf.reshape(w, [to, from, height, 1, width, 1]), [[0, 0], [0, 0], [0, 0], [0, down - 1], [0, 0], [0, across - 1]]);
  const sizes = [to, from, (height - 1) * down + 1, (width - 1) * across + 1];
  return tf.slice(tf.reshape(apart, [to, from, height * down, width * across]), [0, 0, 0, 0], sizes);
}

function withBias(tf: Tf, y: Value, bias: Value | undefined, dims: readonly number[]): Value {
  const shaped = tf.reshape(y, [...dims]);
  return bias ? tf.add(shaped, tf.reshape(bias, [1, bias.size, ...dims.slice(2).map(() => 1)])) : shaped;
}

/** Group by group, with the channels of x and those parts of the kernel that belong to it. */
function grouped(tf: Tf, groups: number, x: Value, w: Value, compute: (x: Value, w: Value) => Value): Value {
  if (groups === 1) return compute(x, w);
  const kernels = tf.split(w, groups, 0);
  return tf.concat(tf.split(x, groups, 1).map((part, group) => compute(part, kernels[group])), 1);
}

export const Conv: Operator = (step) => {
  const { tf, node, inputs: [image, kernel, bias], dims: [dims] } = step;
  const { x, w, strides, pads, output, reach } = inPlane(step, windowsOf(node, image.shape.slice(2), kernel.shape.slice(2)));
  const [batch, channels] = x.shape;
  const extent = output.map((size, axis) => (size - 1) * strides[axis] + reach[axis]);
  const frame = framed(tf, x, [0, 0, -pads[0], -pads[1]], [batch, channels, ...extent]);
  const groups = int(node, 'group', 1);
  if (groups > 1 && groups === channels && strides[0] === strides[1]) {
    const [to, , height, width] = w.shape;
    const each = tf.transpose(tf.reshape(w, [channels, to / channels, height, width]), [2, 3, 0, 1]) as Tensor4D;
    return withBias(tf, inSecond(tf, tf.depthwiseConv2d(inLast(tf, frame), each, strides, 'valid')), bias, dims);
  }
  const convolve = (part: Value, weights: Value) => inSecond(tf, tf.conv2d(inLast(tf, part), kernelOf(tf, weights), strides, 'valid'));
  return withBias(tf, grouped(tf, groups, frame, w, convolve), bias, dims);
};

export const ConvTranspose: Operator = (step) => {
  const { tf, node, inputs: [image, kernel, bias], dims: [dims] } = step;
  const { x, w, strides, pads, output, reach } = inPlane(step, transposedWindowsOf(node, image.shape.slice(2), kernel.shape.slice(2)));
  const full = x.shape.slice(2).map((size, axis) => (size - 1) * strides[axis] + reach[axis]);
  const spread = (part: Value, weights: Value) => {
    const to = weights.shape[1]!;
    const shape: [number, number, number, number] = [x.shape[0], full[0], full[1], to];
    return inSecond(tf, tf.conv2dTranspose(inLast(tf, part), kernelOf(tf, weights), shape, strides, 'valid'));
  };
  const whole = grouped(tf, int(node, 'group', 1), x, w, spread);
  return withBias(tf, framed(tf, whole, [0, 0, ...pads], [...whole.shape.slice(0, 2), ...output]), bias, dims);
};
