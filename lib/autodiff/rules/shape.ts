// Rules of operators that only move elements: each cotangent goes back the way its element came.
import { int, ints, text } from '../../onnx/node.ts';
import { noGradient, type Rule, type Step } from '../rule.ts';

function back({ b, dy, node: { inputs: [x] } }: Step): string {
  return b.reshape(dy, b.dims(x));
}

/** y = x: dx = dy. */
export const Identity: Rule = ({ dy }) => [dy];

/** y = x at inference: dx = dy. */
export const Dropout: Rule = ({ dy, b, node }) => {
  const training = node.inputs[2];
  if (training && b.integers(training)?.[0] !== 0) throw noGradient(node, 'it is in training mode; wanted a model exported for inference');
  return [dy];
};

/** y = x in another shape: dx = dy in the shape of x. */
export const Reshape: Rule = (step) => [back(step)];
export const Flatten: Rule = (step) => [back(step)];
export const Squeeze: Rule = (step) => [back(step)];
export const Unsqueeze: Rule = (step) => [back(step)];

/** y = x with permuted axes: dx = dy with the inverse permutation. */
export const Transpose: Rule = ({ b, dy, node, node: { inputs: [x] } }) => {
  const perm = ints(node, 'perm') ?? b.dims(x).map((_, axis) => axis).reverse();
  return [b.transpose(dy, perm.map((_, axis) => perm.indexOf(axis)))];
};

function axisOf({ b, node }: Step, name = node.outputs[0], fallback = 0): number {
  const axis = int(node, 'axis', fallback);
  return axis < 0 ? axis + b.dims(name).length : axis;
}

/** y = the operands side by side: each gets its slice of dy. */
export const Concat: Rule = (step) => {
  const { b, dy, node: { inputs } } = step;
  const axis = axisOf(step);
  return b.split(dy, axis, inputs.map((input) => b.dims(input)[axis]));
};

/** Outputs are slices of x: dx is their cotangents side by side, zeros for those without one. */
export const Split: Rule = (step) => {
  const { b, cotangents, node: { outputs } } = step;
  return [b.concat(cotangents.map((cotangent, i) => cotangent ?? b.zeros(b.dims(outputs[i]))), axisOf(step))];
};

/** y = x[start:end:step] along some axes: dx is zero but for dy at those places. */
export const Slice: Rule = ({ b, dy, node, node: { inputs: [x, ...given] } }) => {
  const [starts, , axes, steps] = given.map((name) => (name ? b.integers(name) : undefined));
  if (!starts || (given[2] && !axes) || (given[3] && !steps)) throw noGradient(node, 'its bounds are computed; wanted constant bounds');
  const dims = b.dims(x);
  const sizes = b.dims(dy);
  const before = dims.map(() => 0);
  let result = dy;
  starts.forEach((start, i) => {
    const axis = axes ? (axes[i] < 0 ? axes[i] + dims.length : axes[i]) : i;
    const stride = steps?.[i] ?? 1;
    const low = stride > 0 ? 0 : -1;
    const first = Math.min(Math.max(start < 0 ? start + dims[axis] : start, low), stride > 0 ? dims[axis] : dims[axis] - 1);
    if (stride === 1) before[axis] = first;
    else result = b.scatterAdd(result, axis, Array.from({ length: sizes[axis] }, (_, k) => first + k * stride), dims[axis]);
  });
  const after = dims.map((size, axis) => size - b.dims(result)[axis] - before[axis]);
  if ([...before, ...after].every((size) => size === 0)) return [result];
  return [b.node('Pad', [result, b.ints([...before, ...after])], dims)];
};

/** Where a padded axis of `size` reads its element `at`, counted from the first unpadded one; for the modes that repeat the tensor. */
const sources: Record<string, (at: number, size: number) => number> = {
  edge: (at, size) => Math.min(Math.max(at, 0), size - 1),
  reflect: (at, size) => {
    const period = Math.max(1, 2 * (size - 1));
    const phase = ((at % period) + period) % period;
    return Math.min(phase, period - phase);
  },
  wrap: (at, size) => ((at % size) + size) % size,
};

/** y = x with padding: dx is dy without it, and, where the padding repeats x, the sum of what was repeated. */
export const Pad: Rule = ({ b, dy, node, node: { inputs: [x, pads, , axes] } }) => {
  const dims = b.dims(x);
  const amounts = b.integers(pads);
  const named = axes ? b.integers(axes) : dims.map((_, axis) => axis);
  if (!amounts || !named) throw noGradient(node, 'its padding is computed; wanted constant padding');
  const before = dims.map(() => 0);
  const after = dims.map(() => 0);
  named.forEach((axis, i) => {
    before[axis < 0 ? axis + dims.length : axis] = amounts[i];
    after[axis < 0 ? axis + dims.length : axis] = amounts[named.length + i];
  });
  const mode = text(node, 'mode', 'constant');
  if (mode === 'constant') return [b.node('Pad', [dy, b.ints([...before, ...after].map((size) => -size))], dims)];
  let result = dy;
  dims.forEach((size, axis) => {
    if (before[axis] === 0 && after[axis] === 0) return;
    const reads = Array.from({ length: b.dims(dy)[axis] }, (_, at) => sources[mode](at - before[axis], size));
    result = b.scatterAdd(result, axis, reads, size);
  });
  return [result];
};

/** y = x[indices] along an axis, the indices constant: dx[i] = sum of dy where i was read. */
export const Gather: Rule = (step) => {
  const { b, dy, wants, node, node: { inputs: [x, indices] } } = step;
  const read = b.integers(indices);
  if (!read || wants(1)) throw noGradient(node, 'its indices are computed; wanted constant indices');
  const dims = b.dims(x);
  const axis = axisOf(step, x);
  const flat = b.reshape(dy, dims.map((size, i) => (i === axis ? read.length : size)));
  return [b.scatterAdd(flat, axis, read.map((index) => (index < 0 ? index + dims[axis] : index)), dims[axis])];
};

/** y = x repeated by broadcasting: dx = dy summed over the repeats. */
export const Expand: Rule = ({ b, dy, node: { inputs: [x] } }) => [b.sumTo(dy, b.dims(x))];

/** y = x repeated along its axes: dx = sum of dy over the repeats. */
export const Tile: Rule = ({ b, dy, node, node: { inputs: [x, repeats] } }) => {
  const times = b.integers(repeats);
  if (!times) throw noGradient(node, 'its repeats are computed; wanted constant repeats');
  const dims = b.dims(x);
  const apart = b.reshape(dy, dims.flatMap((size, axis) => [times[axis], size]));
  return [b.reshape(b.reduceSum(apart, dims.map((_, axis) => 2 * axis)), dims)];
};

/** y = x as float32, which it is already: dx = dy. Casts to and from other types never lie on a path of float32 tensors. */
export const Cast: Rule = ({ dy }) => [dy];

/** As Cast, to the type of another tensor. */
export const CastLike: Rule = ({ dy }) => [dy];
