// Cutting regular pieces out of tensors with operations that the tape can differentiate; strided slices are not among them.
import { type Tf, type Value } from './step.ts';

/** The box that begins at `starts` and has `sizes`, both per axis; what lies outside the tensor is filled. */
export function framed(tf: Tf, x: Value, starts: readonly number[], sizes: readonly number[], fill = 0): Value {
  const from = starts.map((start) => Math.max(0, start));
  const to = starts.map((start, axis) => Math.min(x.shape[axis], start + sizes[axis]));
  if (to.some((end, axis) => end <= from[axis])) return tf.fill([...sizes], fill);
  const pads = from.map((begin, axis): [number, number] => [begin - starts[axis], starts[axis] + sizes[axis] - to[axis]]);
  const whole = to.every((end, axis) => from[axis] === 0 && end === x.shape[axis]);
  const inner = whole ? x : tf.slice(x, from, to.map((end, axis) => end - from[axis]));
  return pads.some(([before, after]) => before + after > 0) ? tf.pad(inner, pads, fill) : inner;
}

/** `count` elements of one axis, from `start` on in steps of `step` (either direction). */
export function strided(tf: Tf, x: Value, axis: number, range: { start: number; step: number; count: number }): Value {
  const { start, step, count } = range;
  const size = x.shape[axis];
  if (step < 0) return strided(tf, tf.reverse(x, axis), axis, { start: size - 1 - start, step: -step, count });
  const set = (values: readonly number[], value: number) => values.map((old, at) => (at === axis ? value : old));
  const zeros = x.shape.map(() => 0);
  if (step === 1) return framed(tf, x, set(zeros, start), set(x.shape, count));
  const rows = framed(tf, x, set(zeros, start), set(x.shape, count * step));
  const split = tf.reshape(rows, [...x.shape.slice(0, axis), count, step, ...x.shape.slice(axis + 1)]);
  const kept = split.shape.map((old, at) => (at === axis + 1 ? 1 : old));
  return tf.reshape(tf.slice(split, split.shape.map(() => 0), kept), set(x.shape, count));
}

/** Where sliding windows lie, one entry per spatial axis: what `windowsOf` of lib/onnx/geometry gives. */
type Windows = Readonly<Record<'kernel' | 'strides' | 'dilations' | 'padsBegin' | 'output', readonly number[]>>;

/**
 * For each place of the window, in reading order, the elements that all windows [N, C, ...output] have there.
 * Places outside the image hold `fill`.
 */
export function phases(tf: Tf, x: Value, { kernel, strides, dilations, padsBegin, output }: Windows, fill: number): Value[] {
  const [batch, channels] = x.shape;
  // Cut into blocks of one stride, so that each place of the window is one plain slice.
  const blocks = kernel.map((size, axis) => Math.floor(((size - 1) * dilations[axis]) / strides[axis]) + output[axis]);
  const sizes = [batch, channels, ...blocks.map((count, axis) => count * strides[axis])];
  const frame = framed(tf, x, [0, 0, ...padsBegin.map((pad) => -pad)], sizes, fill);
  const split = tf.reshape(frame, [batch, channels, ...blocks.flatMap((count, axis) => [count, strides[axis]])]);
  const wanted = [batch, channels, ...output.flatMap((size) => [size, 1])];
  return placesOf(kernel).map((place) => {
    const begin = place.flatMap((at, axis) => {
      const offset = at * dilations[axis];
      return [Math.floor(offset / strides[axis]), offset % strides[axis]];
    });
    return tf.reshape(tf.slice(split, [0, 0, ...begin], wanted), [batch, channels, ...output]);
  });
}

function placesOf(kernel: readonly number[]): number[][] {
  const further = (place: number[], size: number) => Array.from({ length: size }, (_, at) => [...place, at]);
  return kernel.reduce<number[][]>((places, size) => places.flatMap((place) => further(place, size)), [[]]);
}
