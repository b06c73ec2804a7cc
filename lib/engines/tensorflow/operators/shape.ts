// Operators that move elements about without computing.
import { int, text } from '../../../onnx/node.ts';
import { padsOf, sliceRanges, splitSizes } from '../../../onnx/shapes/arguments.ts';
import { integersAt } from '../../../onnx/shapes/call.ts';
import { numbersOf } from '../../../onnx/constants.ts';
import { framed, strided } from '../frame.ts';
import { gathered, ramp } from '../rows.ts';
import { upward, type Operator, type Step, type Tf, type Value } from '../step.ts';

const reshaped: Operator = ({ tf, inputs: [x], dims: [dims] }) => tf.reshape(x, [...dims]);
export const Reshape = reshaped, Flatten = reshaped, Squeeze = reshaped, Unsqueeze = reshaped;

export const Transpose: Operator = ({ tf, node, inputs: [x] }) => {
  const perm = node.attributes.perm;
  return tf.transpose(x, perm?.kind === 'ints' ? [...perm.value] : undefined);
};

export const Concat: Operator = ({ tf, node, inputs }) =>
  inputs.length === 1 ? tf.clone(inputs[0]) : tf.concat([...inputs], upward(int(node, 'axis', 0), inputs[0].rank));

export const Split: Operator = ({ tf, node, call, inputs: [x] }) => {
  const axis = upward(int(node, 'axis', 0), x.rank);
  let start = 0;
  return splitSizes(call).map((count) => {
    const piece = strided(tf, x, axis, { start, step: 1, count });
    start += count;
    return piece;
  });
};

export const Slice: Operator = ({ tf, call, inputs: [x] }) =>
  sliceRanges(call).reduce((piece, range, axis) => {
    const whole = range.start === 0 && range.step === 1 && range.count === piece.shape[axis];
    return whole ? piece : strided(tf, piece, axis, range);
  }, x);

/** Where each element of a padded axis is read from: `begin` before the first of `size`, up to `count` in all. */
function source(mode: string, begin: number, size: number, count: number): number[] {
  const period = mode === 'reflect' ? 2 * (size - 1) : size;
  return Array.from({ length: count }, (_, i) => {
    const at = i - begin;
    if (mode === 'edge') return Math.min(Math.max(at, 0), size - 1);
    const within = period === 0 ? 0 : ((at % period) + period) % period;
    return within < size ? within : period - within;
  });
}

export const Pad: Operator = ({ tf, node, call, inputs: [x], dims: [dims] }) => {
  const mode = text(node, 'mode', 'constant');
  const { begin, end } = padsOf(call);
  if (mode === 'constant') {
    const fill = call.inputs[2]?.constant ? numbersOf(call.inputs[2].constant)[0] : 0;
    return framed(tf, x, begin.map((count) => -count), dims, fill);
  }
  return begin.reduce((padded, before, axis) => {
    if (before === 0 && end[axis] === 0) return padded;
    return gathered(tf, padded, axis, source(mode, before, padded.shape[axis], dims[axis]));
  }, x);
};

export const Expand: Operator = ({ tf, inputs: [x], dims: [dims] }) => repeated(tf, x, [...dims]);

function repeated(tf: Tf, x: Value, dims: number[]): Value {
  if (x.dtype !== 'bool') return tf.broadcastTo(x, dims);
  return tf.cast(tf.broadcastTo(tf.cast(x, 'int32'), dims), 'bool');
}

/** Copies side by side: the library's own tile has gradients for up to four axes only. */
export const Tile: Operator = ({ tf, call, inputs: [x], dims: [dims] }) => {
  const repeats = integersAt(call, 1)!;
  if (repeats.includes(0)) return tf.zeros([...dims], x.dtype as 'float32');
  return repeats.reduce((whole, count, axis) => {
    return count === 1 ? whole : tf.concat(Array.from({ length: count }, () => whole), axis);
  }, x);
};

export const DepthToSpace: Operator = ({ tf, node, inputs: [x], dims: [dims] }) => {
  const block = int(node, 'blocksize', 1);
  const [batch, channels, height, width] = x.shape;
  const columns = text(node, 'mode', 'DCR') === 'DCR';
  const kept = channels / (block * block);
  const split = tf.reshape(x, columns ? [batch, block, block, kept, height, width] : [batch, kept, block, block, height, width]);
  return tf.reshape(tf.transpose(split, columns ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3]), [...dims]);
};

export const SpaceToDepth: Operator = ({ tf, node, inputs: [x], dims: [dims] }) => {
  const block = int(node, 'blocksize', 1);
  const [batch, channels, height, width] = x.shape;
  const split = tf.reshape(x, [batch, channels, height / block, block, width / block, block]);
  return tf.reshape(tf.transpose(split, [0, 3, 5, 1, 2, 4]), [...dims]);
};

/** The upper (or lower) triangle of the last two axes; the rest is 0. */
export const Trilu: Operator = ({ tf, node, call, inputs: [x] }) => {
  const diagonal = integersAt(call, 1)?.[0] ?? 0;
  const [rows, columns] = x.shape.slice(-2);
  const upper = int(node, 'upper', 1) === 1;
  const distance = tf.sub(ramp(tf, columns, 1, 2), ramp(tf, rows, 0, 2));
  const kept = upper ? tf.greaterEqual(distance, diagonal) : tf.lessEqual(distance, diagonal);
  return tf.where(kept, x, tf.zerosLike(x));
};

/** Large constants that were not folded. */
export const ConstantOfShape: Operator = ({ tf, node, dims: [dims] }: Step) => {
  const { value } = node.attributes;
  return tf.fill([...dims], value?.kind === 'tensor' ? numbersOf(value.value)[0] : 0);
};
