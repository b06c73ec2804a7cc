// Reading rows of a matrix by their numbers, and adding rows up by their numbers: each is the other's gradient. The library has no
// gradient for the second, and a slow one for the first.
import { strided } from './frame.ts';
import type { Tf, Value } from './step.ts';

type Save = (values: Value[]) => void;

/** Rows of x [n, width] that `places` [k] int32 names: [k, width]. */
export function taken(tf: Tf, x: Value, places: Value): Value {
  const [count, width] = x.shape;
  const read = tf.customGrad((...given: unknown[]) => {
    const [rows, save] = given as [Value, Save];
    save([places]);
    const gradFunc = (dy: Value, [at]: Value[]) => tf.scatterND(tf.reshape(at, [at.size, 1]), dy, [count, width!]);
    return { value: tf.gather(rows, places), gradFunc };
  });
  return read(x);
}

/** [count, width]: each row of `updates` [k, width] added where `places` [k] int32 says, zeros elsewhere. */
export function added(tf: Tf, updates: Value, places: Value, count: number): Value {
  const write = tf.customGrad((...given: unknown[]) => {
    const [rows, save] = given as [Value, Save];
    save([places]);
    const value = tf.scatterND(tf.reshape(places, [places.size, 1]), rows, [count, rows.shape[1]!]);
    return { value, gradFunc: (dy: Value, [at]: Value[]) => tf.gather(dy, at) };
  });
  return write(updates);
}

/** Elements of an axis by known indices, runs of neighbours as slices where they are few. */
export function gathered(tf: Tf, x: Value, axis: number, indices: readonly number[]): Value {
  const runs: { start: number; step: number; count: number }[] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && index === last.start + last.count) last.count++;
    else runs.push({ start: index, step: 1, count: 1 });
  }
  if (runs.length > 32) return alongAxis(tf, x, axis, tf.tensor1d([...indices], 'int32'));
  const pieces = runs.map((run) => strided(tf, x, axis, run));
  return pieces.length === 1 ? pieces[0] : tf.concat(pieces, axis);
}

/** x with its axis replaced by what flat `indices` read there. */
export function alongAxis(tf: Tf, x: Value, axis: number, indices: Value): Value {
  const order = [axis, ...x.shape.map((_, at) => at).filter((at) => at !== axis)];
  const first = tf.transpose(x, order);
  const rows = taken(tf, tf.reshape(first, [x.shape[axis], -1]), indices);
  return tf.transpose(tf.reshape(rows, [indices.size, ...first.shape.slice(1)]), x.shape.map((_, at) => order.indexOf(at)));
}

/** Indices from the end counted from the start. */
export function positive(tf: Tf, indices: Value, size: number): Value {
  return tf.where(tf.less(indices, 0), tf.add(indices, tf.scalar(size, 'int32')), indices);
}

/** 0, 1, 2... along one axis of `rank`, to broadcast. */
export function ramp(tf: Tf, size: number, axis: number, rank: number): Value {
  return tf.reshape(tf.range(0, size, 1, 'int32'), Array.from({ length: rank }, (_, at) => (at === axis ? size : 1)));
}

/** For every index of `indices`, the flat place in a tensor of shape `dims` with that index along `axis` and its own along the others. */
export function placesAlong(tf: Tf, indices: Value, axis: number, dims: readonly number[]): Value {
  const flat = indices.shape.reduce<Value>((sum, size, at) => {
    const along = at === axis ? positive(tf, indices, dims[axis]) : ramp(tf, size, at, indices.rank);
    return tf.add(tf.mul(sum, tf.scalar(dims[at], 'int32')), along);
  }, tf.zeros(indices.shape, 'int32'));
  return tf.reshape(flat, [flat.size]);
}

/** For index vectors [..., depth], the flat place in a tensor whose leading axes are `dims`, the first of which are those of `indices`. */
export function placesOf(tf: Tf, indices: Value, dims: readonly number[]): Value {
  const depth = indices.shape.at(-1)!;
  const outer = indices.shape.slice(0, -1);
  const parts = tf.split(indices, depth, indices.rank - 1).map((part) => tf.reshape(part, outer));
  const batched = dims.length - depth;
  const flat = dims.reduce<Value>((sum, size, at) => {
    const along = at < batched ? ramp(tf, size, at, outer.length) : positive(tf, parts[at - batched], size);
    return tf.add(tf.mul(sum, tf.scalar(size, 'int32')), along);
  }, tf.zeros(outer, 'int32'));
  return tf.reshape(flat, [flat.size]);
}
