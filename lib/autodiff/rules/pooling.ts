// Rules of pooling.
import { windowsOf, type Geometry } from '../../onnx/geometry.ts';
import { int, ints } from '../../onnx/node.ts';
import { sizeOf } from '../../tensor.ts';
import { noGradient, type Rule } from '../rule.ts';
import { transposed } from '../window.ts';

/**
 * y = max over each window: dx gets dy at the element that won, the first one in a tie. The general form, for windows that overlap,
 * are padded or dilated: MaxPool itself says which element won, in indices into the whole tensor.
 */
export const MaxPool: Rule = (step) => {
  const { b, dy, node, node: { inputs: [x], outputs: [y] } } = step;
  if (int(node, 'storage_order', 0) !== 0) throw noGradient(node, 'its indices are column-major; wanted storage_order 0');
  const indices = b.extraOutput(node, 1, b.dims(y));
  const count = [b.size(y)];
  const flat = [b.zeros([b.size(x)]), b.reshape(indices, count), b.reshape(dy, count)];
  return [b.reshape(b.node('ScatterElements', flat, [b.size(x)], { axis: 0, reduction: 'add' }), b.dims(x))];
};

/** y = mean over each window: every element of a window gets dy / count, count being what the window's sum was divided by. */
export const AveragePool: Rule = (step) => {
  const { b, dy, node, node: { inputs: [x] } } = step;
  const [batch, channels, ...input] = b.dims(x);
  const window = windowsOf(node, input, ints(node, 'kernel_shape')!);
  const { output } = window;
  const counts = countsOf(window, input, int(node, 'count_include_pad', 0) === 1);
  const uniform = counts.every((count) => count === counts[0]);
  const share = uniform ? b.scale(dy, 1 / counts[0]) : b.div(dy, b.float(counts, output));
  // Every channel of every image is one image of one channel to a ConvTranspose with a kernel of ones.
  const planes = b.reshape(share, [batch * channels, 1, ...output]);
  const ones = b.float(new Float32Array(sizeOf(window.kernel)).fill(1), [1, 1, ...window.kernel]);
  const spread = b.node('ConvTranspose', [planes, ones], [batch * channels, 1, ...input], transposed(window, input));
  return [b.reshape(spread, b.dims(x))];
};

/** Divisor of every window, row-major over the output: its elements inside the image, or inside the padded image. */
function countsOf(window: Geometry, input: readonly number[], padded: boolean): number[] {
  const { padsBegin, padsEnd, strides, dilations, kernel } = window;
  const perAxis = window.output.map((size, axis) =>
    Array.from({ length: size }, (_, o) => {
      const start = o * strides[axis] - padsBegin[axis];
      const low = padded ? -padsBegin[axis] : 0;
      const high = input[axis] + (padded ? padsEnd[axis] : 0);
      let count = 0;
      for (let k = 0; k < kernel[axis]; k++) {
        const at = start + k * dilations[axis];
        if (at >= low && at < high) count++;
      }
      return count;
    }),
  );
  return perAxis.reduce((all, counts) => all.flatMap((product) => counts.map((count) => product * count)), [1]);
}

/** y = mean over space: every element gets dy / size of the space. */
export const GlobalAveragePool: Rule = ({ b, dy, node: { inputs: [x] } }) => {
  const space = b.dims(x).slice(2);
  return [b.expand(b.scale(dy, 1 / sizeOf(space)), b.dims(x))];
};

/** y = max over space: dx gets dy at the first element that equals y. */
export const GlobalMaxPool: Rule = ({ b, dy, node: { inputs: [x] } }) => {
  const dims = b.dims(x);
  const flat = [dims[0], dims[1], sizeOf(dims.slice(2))];
  const winner = b.node('ArgMax', [b.reshape(x, flat)], [dims[0], dims[1], 1], { axis: 2, keepdims: 1, select_last_index: 0 });
  const scattered = b.node('ScatterElements', [b.zeros(flat), winner, b.reshape(dy, [dims[0], dims[1], 1])], flat, { axis: 2 });
  return [b.reshape(scattered, dims)];
};
