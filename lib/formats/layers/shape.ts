// Layers that move, cut, pad or repeat elements.
import { sizeOf } from '../../tensor.ts';
import { input, type LayerFunction } from './call.ts';
import { wrongLayer } from './problem.ts';

/** In Keras's order of elements: channels run fastest. */
export const Flatten: LayerFunction = (call) => {
  const x = call.b.last(input(call));
  return x.dims.length === 1 ? x : call.b.reshape(x, [sizeOf(x.dims)]);
};

export const Reshape: LayerFunction = (call) => {
  const x = call.b.last(input(call));
  const target = call.options.integers('target_shape');
  const open = target.indexOf(-1);
  const rest = sizeOf(target.filter((size) => size !== -1));
  const dims = open < 0 ? target : target.with(open, sizeOf(x.dims) / rest);
  if (!dims.every((size) => Number.isInteger(size) && size > 0) || sizeOf(dims) !== sizeOf(x.dims)) {
    throw call.options.wrong('target_shape', `a shape of ${sizeOf(x.dims)} elements, as its input [N, ${x.dims.join(', ')}] has`);
  }
  return call.b.reshape(x, dims);
};

export const Permute: LayerFunction = (call) => {
  const x = call.b.last(input(call));
  const order = call.options.integers('dims');
  if (String(order.toSorted((a, b) => a - b)) !== String(x.dims.map((_, i) => i + 1))) {
    throw call.options.wrong('dims', `each of 1 to ${x.dims.length} once`);
  }
  return call.b.op('Transpose', [x.name], order.map((axis) => x.dims[axis - 1]), false, { perm: [0, ...order] });
};

export const ZeroPadding2D: LayerFunction = (call) => {
  const { b } = call;
  const x = b.channelsFirst(input(call, 3));
  const [[top, bottom], [left, right]] = call.options.borders('padding');
  const dims = [x.dims[0] + top + bottom, x.dims[1] + left + right, x.dims[2]];
  return b.op('Pad', [x.name, b.integers([0, 0, top, left, 0, 0, bottom, right])], dims, true);
};

export const Cropping2D: LayerFunction = (call) => {
  const { b } = call;
  const x = b.channelsFirst(input(call, 3));
  const [[top, bottom], [left, right]] = call.options.borders('cropping');
  const [height, width, channels] = x.dims;
  const [starts, ends] = [b.integers([top, left]), b.integers([height - bottom, width - right])];
  return b.op('Slice', [x.name, starts, ends, b.integers([2, 3])], [height - top - bottom, width - left - right, channels], true);
};

/** Each pixel repeated (an axis of size 1 behind its own, tiled and merged), or pixels between them as TensorFlow places them. */
export const UpSampling2D: LayerFunction = (call) => {
  const { b, options } = call;
  const x = b.channelsFirst(input(call, 3));
  const [rows, columns] = options.pair('size', 1, 2);
  const [height, width, channels] = x.dims;
  if (options.choice('interpolation', ['nearest', 'bilinear'], 'nearest') === 'bilinear') {
    // TensorFlow.js puts the first pixel on the first, Keras the middle of the image on the middle.
    const placed = call.dialect === 'tfjs' ? 'asymmetric' : 'half_pixel';
    const sizes = b.integers([rows * height, columns * width]);
    const attributes = { mode: 'linear', coordinate_transformation_mode: placed, axes: [2, 3] };
    return b.op('Resize', [x.name, '', '', sizes], [height * rows, width * columns, channels], true, attributes);
  }
  const apart = b.op('Reshape', [x.name, b.integers([0, channels, height, 1, width, 1])], [channels, height, 1, width, 1], false);
  const tiled = b.op('Tile', [apart.name, b.integers([1, 1, 1, rows, 1, columns])], [channels, height, rows, width, columns], false);
  return b.reshape(tiled, [height * rows, width * columns, channels], true);
};

/** Taken where it changes nothing; interpolation to another size is not. */
export const Resizing: LayerFunction = (call) => {
  const x = input(call, 3);
  const [height, width] = [call.options.integer('height', 1), call.options.integer('width', 1)];
  for (const option of ['interpolation', 'crop_to_aspect_ratio', 'pad_to_aspect_ratio', 'fill_mode', 'fill_value', 'antialias']) {
    call.options.any(option);
  }
  if (x.dims[0] === height && x.dims[1] === width) return x;
  const what = `resizes images of ${x.dims[0]}x${x.dims[1]} to ${height}x${width}, which Gauntlet does not do`;
  throw wrongLayer(call.place, 'layer-option', what, 'Use UpSampling2D or pooling, or build the model for 28x28 images.');
};
