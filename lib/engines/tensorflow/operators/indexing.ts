// Operators that read or write elements by their indices.
import { numbersOf } from '../../../onnx/constants.ts';
import { int, text } from '../../../onnx/node.ts';
import { integersAt } from '../../../onnx/shapes/call.ts';
import { added, alongAxis, gathered, placesAlong, placesOf, positive, taken } from '../rows.ts';
import { choose, detached, upward, type Operator, type Tf, type Value } from '../step.ts';

export const Gather: Operator = ({ tf, node, call, inputs: [x, indices], dims: [dims] }) => {
  const axis = upward(int(node, 'axis', 0), x.rank);
  const size = x.shape[axis];
  const known = call.inputs[1]?.constant;
  const piece = known
    ? gathered(tf, x, axis, numbersOf(known).map((index) => (index < 0 ? index + size : index)))
    : alongAxis(tf, x, axis, detached(tf, () => tf.reshape(positive(tf, indices, size), [indices.size])));
  return tf.reshape(piece, [...dims]);
};

const elementsAt = (tf: Tf, x: Value, places: () => Value, dims: readonly number[]) =>
  tf.reshape(taken(tf, tf.reshape(x, [x.size, 1]), detached(tf, places)), [...dims]);

/** y[.., i, ..] = x[.., indices[.., i, ..], ..] along one axis. */
export const GatherElements: Operator = ({ tf, node, inputs: [x, indices], dims: [dims] }) =>
  elementsAt(tf, x, () => placesAlong(tf, indices, upward(int(node, 'axis', 0), x.rank), x.shape), dims);

/** Slices named by index vectors, within each of the leading batch axes. */
export const GatherND: Operator = ({ tf, node, inputs: [x, indices], dims: [dims] }) => {
  const named = int(node, 'batch_dims', 0) + indices.shape.at(-1)!;
  const rows = tf.reshape(x, [x.shape.slice(0, named).reduce((a, b) => a * b, 1), -1]);
  return tf.reshape(taken(tf, rows, detached(tf, () => placesOf(tf, indices, x.shape.slice(0, named)))), [...dims]);
};

/** Rows of `data` replaced by, or added to, the updates that `places` names for them. */
function scattered(tf: Tf, data: Value, places: Value, updates: Value, reduction: string): Value {
  const put = added(tf, updates, places, data.shape[0]!);
  if (reduction === 'add') return tf.add(data, put);
  if (reduction !== 'none') throw new Error(`The engine tensorflow scatters with reduction none or add, not ${reduction}.`);
  return choose(tf, () => tf.greater(added(tf, tf.onesLike(updates), places, data.shape[0]!), 0), put, data);
}

export const ScatterElements: Operator = ({ tf, node, inputs: [x, indices, updates] }) => {
  const places = detached(tf, () => placesAlong(tf, indices, upward(int(node, 'axis', 0), x.rank), x.shape));
  const flat = (value: Value) => tf.reshape(value, [value.size, 1]);
  return tf.reshape(scattered(tf, flat(x), places, flat(updates), text(node, 'reduction', 'none')), x.shape);
};

export const ScatterND: Operator = ({ tf, node, inputs: [x, indices, updates] }) => {
  const depth = indices.shape.at(-1)!;
  const count = x.shape.slice(0, depth).reduce((a, b) => a * b, 1);
  const places = detached(tf, () => placesOf(tf, tf.reshape(indices, [-1, depth]), x.shape.slice(0, depth)));
  const rows = (value: Value, many: number) => tf.reshape(value, [many, x.size / count]);
  const result = scattered(tf, rows(x, count), places, rows(updates, places.size), text(node, 'reduction', 'none'));
  return tf.reshape(result, x.shape);
};

/** The k largest or smallest along an axis and where they were. */
export const TopK: Operator = ({ tf, node, inputs: [x], dims: [dims] }) => {
  const axis = upward(int(node, 'axis', -1), x.rank);
  const order = x.shape.map((_, at) => at).filter((at) => at !== axis).concat(axis);
  const indices = detached(tf, () => {
    const last = tf.transpose(int(node, 'largest', 1) === 1 ? x : tf.neg(x), order);
    return tf.transpose(tf.topk(last, dims[axis], true).indices, x.shape.map((_, at) => order.indexOf(at)));
  });
  return [elementsAt(tf, x, () => placesAlong(tf, indices, axis, x.shape), dims), indices];
};

export const OneHot: Operator = ({ tf, node, call, inputs: [indices, , values] }) => {
  const [depth] = integersAt(call, 1)!;
  const axis = int(node, 'axis', -1);
  const at = axis < 0 ? axis + indices.rank + 1 : axis;
  const hot = tf.cast(tf.oneHot(tf.cast(positive(tf, indices, depth), 'int32'), depth), 'bool');
  const [off, on] = tf.split(values, 2);
  const order = Array.from({ length: indices.rank + 1 }, (_, i) => (i < at ? i : i === at ? indices.rank : i - 1));
  return tf.transpose(tf.where(hot, tf.reshape(on, []), tf.reshape(off, [])), order);
};
