// Rules of the linear operators. Weights are constants, so only the cotangent of the data is made, unless both depend on x.
import { transposedWindowsOf, windowsOf, type Geometry } from '../../onnx/geometry.ts';
import { float, int, number } from '../../onnx/node.ts';
import type { Builder } from '../builder.ts';
import { noGradient, type Rule, type Step } from '../rule.ts';
import { spanOf, transposed } from '../window.ts';

/** Below this many input channels a rotated Conv would compute mostly padding of its channel block. */
const fewChannels = 8;

function constantWeights({ node, wants }: Step): void {
  if (wants(1) || (node.inputs[2] && wants(2))) throw noGradient(node, 'its weights depend on the input; wanted constant weights');
}

/**
 * y = x * w (+ bias): dx is dy convolved with the transposed, rotated kernel. With stride 1 that is a Conv, the fastest form;
 * otherwise, and for the few channels of an image, a ConvTranspose with w itself.
 */
export const Conv: Rule = (step) => {
  const { b, dy, node, node: { inputs: [x, w] } } = step;
  constantWeights(step);
  const group = int(node, 'group', 1);
  const [, channels, ...input] = b.dims(x);
  const window = windowsOf(node, input, b.dims(w).slice(2));
  const back = rotatedPads(window);
  if (back && (channels >= fewChannels || group > 1)) {
    const attributes = { kernel_shape: window.kernel, dilations: window.dilations, pads: back, group };
    return [b.node('Conv', [dy, rotated(b, w, group)], b.dims(x), attributes)];
  }
  return [b.node('ConvTranspose', [dy, w], b.dims(x), { ...transposed(window, input), group })];
};

/** Padding of the rotated convolution, or null where the stride or the padding is too large for one. */
function rotatedPads(window: Geometry): number[] | null {
  if (window.strides.some((stride) => stride !== 1)) return null;
  const pads = [window.padsBegin, window.padsEnd].flatMap((sizes) => sizes.map((size, axis) => spanOf(window, axis) - 1 - size));
  return pads.every((size) => size >= 0) ? pads : null;
}

/** The kernel [O, I/g, ...] with its channels swapped inside each group and its space reversed: [I, O/g, ...]. ONNX Runtime folds it. */
function rotated(b: Builder, w: string, group: number): string {
  const [outputs, inputs, ...kernel] = b.dims(w);
  const space = kernel.map((_, axis) => axis);
  const split = b.reshape(w, [group, outputs / group, inputs, ...kernel]);
  const swapped = b.transpose(split, [0, 2, 1, ...space.map((axis) => axis + 3)]);
  const merged = b.reshape(swapped, [group * inputs, outputs / group, ...kernel]);
  const each = (value: number) => b.ints(space.map(() => value));
  const axes = b.ints(space.map((axis) => axis + 2));
  return b.node('Slice', [merged, each(-1), each(-(2 ** 31)), axes, each(-1)], b.dims(merged));
}

/** y = transposed convolution of x: dx is the Conv of dy with the same kernel, strides and padding. */
export const ConvTranspose: Rule = (step) => {
  const { b, dy, node, node: { inputs: [x, w] } } = step;
  constantWeights(step);
  const input = b.dims(x).slice(2);
  const window = transposedWindowsOf(node, input, b.dims(w).slice(2));
  const { kernel, strides, dilations, padsBegin, output } = window;
  // Output padding only widens the end, by less than a stride, which a Conv's rounding down leaves out again.
  const reach = input.map((size, axis) => (size - 1) * strides[axis] + spanOf(window, axis));
  const padsEnd = reach.map((size, axis) => Math.max(0, size - padsBegin[axis] - output[axis]));
  const surplus = reach.map((size, axis) => output[axis] + padsBegin[axis] + padsEnd[axis] - size);
  if (surplus.some((size, axis) => size >= strides[axis])) {
    throw noGradient(node, 'its output is larger than its windows reach; wanted output_padding below the stride');
  }
  const attributes = { kernel_shape: kernel, strides, dilations, pads: [...padsBegin, ...padsEnd], group: int(node, 'group', 1) };
  return [b.node('Conv', [dy, w], b.dims(x), attributes)];
};

/** Y = alpha A' B' + beta C with A', B' perhaps transposed: dA' = alpha dY B'^T, dB' = alpha A'^T dY, dC = beta dY. */
export const Gemm: Rule = ({ b, dy, wants, node, node: { inputs: [a, m, c] } }) => {
  const alpha = number(node, 'alpha', 1);
  const transA = int(node, 'transA', 0);
  const transB = int(node, 'transB', 0);
  const gemm = (left: string, right: string, dims: readonly number[], tA: number, tB: number) =>
    b.node('Gemm', [left, right], dims, { alpha: float(alpha), transA: tA, transB: tB });
  const da = () => (transA ? gemm(m, dy, b.dims(a), transB, 1) : gemm(dy, m, b.dims(a), 0, 1 - transB));
  const dm = () => (transB ? gemm(dy, a, b.dims(m), 1, transA) : gemm(a, dy, b.dims(m), 1 - transA, 0));
  const dc = () => b.sumTo(b.scale(dy, number(node, 'beta', 1)), b.dims(c));
  return [wants(0) ? da() : null, wants(1) ? dm() : null, c && wants(2) ? dc() : null];
};

/** Y = A B, batched and broadcasting: dA = dY B^T, dB = A^T dY, summed over the batch axes that were repeated. */
export const MatMul: Rule = ({ b, dy, wants, node: { inputs: [a, m] } }) => {
  const [dimsA, dimsM] = [b.dims(a), b.dims(m)];
  // A vector counts as a row on the left and as a column on the right; the product then lacks that axis.
  const left = dimsA.length === 1 ? b.reshape(a, [1, dimsA[0]]) : a;
  const right = dimsM.length === 1 ? b.reshape(m, [dimsM[0], 1]) : m;
  const rows = b.dims(left).at(-2)!;
  const columns = b.dims(right).at(-1)!;
  const batch = b.dims(dy).slice(0, b.dims(dy).length - (dimsA.length > 1 ? 1 : 0) - (dimsM.length > 1 ? 1 : 0));
  const full = b.reshape(dy, [...batch, rows, columns]);
  const inner = dimsA.at(-1)!;
  const da = () => {
    const wide = [...batch, rows, inner];
    if (wide.length === 2) return b.node('Gemm', [full, right], wide, { transB: 1 });
    return b.node('MatMul', [full, swapped(b, right)], wide);
  };
  const dm = () => b.node('MatMul', [swapped(b, left), full], [...batch, inner, columns]);
  return [
    wants(0) ? b.reshape(b.sumTo(da(), b.dims(left)), dimsA) : null,
    wants(1) ? b.reshape(b.sumTo(dm(), b.dims(right)), dimsM) : null,
  ];
};

/** A tensor with its last two axes swapped. */
function swapped(b: Builder, a: string): string {
  const axes = b.dims(a).map((_, axis) => axis);
  return b.transpose(a, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
