// Spatial transformers: an image read at computed points.
import { int, nameOf, text } from '../../../onnx/node.ts';
import { integersAt } from '../../../onnx/shapes/call.ts';
import { taken } from '../rows.ts';
import { detached, mask, type Operator, type Tf, type Value } from '../step.ts';

/** theta [N, 2, 3] and a size [N, C, H, W] -> the points [N, H, W, 2], in [-1, 1], that an affine map makes of every pixel. */
export const AffineGrid: Operator = ({ tf, node, call, inputs: [theta], dims: [dims] }) => {
  const [batch, , height, width] = integersAt(call, 1)!;
  if (integersAt(call, 1)!.length !== 4) throw new Error(`${nameOf(node)}: the engine tensorflow makes grids of two axes only.`);
  const aligned = int(node, 'align_corners', 0) === 1;
  const place = (i: number, size: number) => (aligned ? (size === 1 ? 0 : (2 * i) / (size - 1) - 1) : (2 * i + 1) / size - 1);
  const points = Array.from({ length: height * width }, (_, i) => [place(i % width, width), place(Math.floor(i / width), height), 1]);
  const all = tf.tile(tf.expandDims(tf.tensor2d(points)), [batch, 1, 1]);
  return tf.reshape(tf.matMul(all, theta, false, true), [...dims]);
};

/** One axis of the grid [N, points] in pixels: the pixel before, and the part of the way to the next. */
function lineOf(tf: Tf, grid: Value, axis: number, size: number, aligned: boolean, border: boolean) {
  const flat = tf.reshape(tf.slice(grid, [0, 0, 0, axis], [...grid.shape.slice(0, 3), 1]), [grid.shape[0], -1]);
  const slope = aligned ? (size - 1) / 2 : size / 2;
  const pixel = tf.add(tf.mul(flat, slope), aligned ? slope : slope - 0.5);
  const held = border ? tf.clipByValue(pixel, 0, size - 1) : pixel;
  const low = detached(tf, () => tf.floor(held));
  return { held, low, part: tf.sub(held, low) };
}

/** Linear or nearest reading of an image [N, C, H, W] at points [N, H', W', 2]; outside it is 0, or its border. */
export const GridSample: Operator = ({ tf, node, inputs: [x, grid], dims: [dims] }) => {
  const mode = text(node, 'mode', 'linear');
  const padding = text(node, 'padding_mode', 'zeros');
  if (x.rank !== 4 || mode === 'cubic' || padding === 'reflection') {
    throw new Error(`${nameOf(node)}: the engine tensorflow samples images, linear or nearest, with zeros or border around them.`);
  }
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const aligned = int(node, 'align_corners', 0) === 1;
  const across = lineOf(tf, grid, 0, width, aligned, padding === 'border');
  const down = lineOf(tf, grid, 1, height, aligned, padding === 'border');
  const rows = tf.reshape(tf.transpose(x, [0, 2, 3, 1]), [batch * height * width, channels]);
  const points = across.low.shape[1]!;

  /** What the pixel at (row, column) of every point adds: its value, or 0 outside, times its weight. */
  const corner = (column: () => Value, row: () => Value, weight: Value | number): Value => {
    const inside = detached(tf, () => {
      const within = (at: Value, size: number) => tf.logicalAnd(tf.greaterEqual(at, 0), tf.lessEqual(at, size - 1));
      return mask(tf, tf.logicalAnd(within(column(), width), within(row(), height)));
    });
    const places = detached(tf, () => {
      const image = tf.reshape(tf.range(0, batch, 1, 'int32'), [batch, 1]);
      const at = tf.add(tf.mul(tf.clipByValue(row(), 0, height - 1), width), tf.clipByValue(column(), 0, width - 1));
      return tf.reshape(tf.add(tf.mul(image, tf.scalar(height * width, 'int32')), tf.cast(at, 'int32')), [batch * points]);
    });
    return tf.mul(taken(tf, rows, places), tf.reshape(tf.mul(inside, weight), [batch * points, 1]));
  };
  const next = (low: Value) => () => tf.add(low, 1);
  const same = (low: Value) => () => tf.clone(low);
  const corners = () => {
    const [px, py] = [across.part, down.part];
    const [qx, qy] = [tf.sub(1, px), tf.sub(1, py)];
    return [
      corner(same(across.low), same(down.low), tf.mul(qx, qy)), corner(next(across.low), same(down.low), tf.mul(px, qy)),
      corner(same(across.low), next(down.low), tf.mul(qx, py)), corner(next(across.low), next(down.low), tf.mul(px, py)),
    ];
  };
  const read = mode === 'nearest' ? [corner(() => tf.round(across.held), () => tf.round(down.held), 1)] : corners();
  const sum = tf.reshape(read.reduce((a, b) => tf.add(a, b)), [batch, dims[2], dims[3], channels]);
  return tf.transpose(sum, [0, 3, 1, 2]);
};
