// Convolutions. Kernels go from Keras's [kh, kw, in, out] to ONNX's order; 'same' padding becomes TensorFlow's own numbers.
import type { Value } from './builder.ts';
import { activate } from './activations.ts';
import { input, weights, type Call, type LayerFunction } from './call.ts';
import { wrongLayer } from './problem.ts';
import { constant, reshaped, transposed, type Weight } from './weights.ts';

type Pair = readonly [number, number];

/** Size after a window slides, and the padding before and after, as TensorFlow pads: the odd pixel goes behind. */
export function slide(size: number, kernel: number, stride: number, dilation: number, padding: 'same' | 'valid') {
  const reach = (kernel - 1) * dilation + 1;
  if (padding === 'valid') return { size: Math.floor((size - reach) / stride) + 1, before: 0, after: 0 };
  const out = Math.ceil(size / stride);
  const total = Math.max((out - 1) * stride + reach - size, 0);
  return { size: out, before: Math.floor(total / 2), after: Math.ceil(total / 2) };
}

/** Dims after a window slid over an image, and ONNX's pads [top, left, bottom, right]. */
export function slideOver(dims: readonly number[], kernel: Pair, strides: Pair, dilations: Pair, padding: 'same' | 'valid') {
  const [height, width] = [0, 1].map((axis) => slide(dims[axis], kernel[axis], strides[axis], dilations[axis], padding));
  return { size: [height.size, width.size], pads: [height.before, width.before, height.after, width.after] };
}

type Window = { kernel: Pair; strides: Pair; dilations: Pair; padding: 'same' | 'valid' };

function windowOf({ options, place }: Call): Window {
  // Keras 2 writes groups down for every kind of convolution; only Conv2D has them.
  if (place.className !== 'Conv2D' && options.integer('groups', 1, 1) !== 1) throw options.wrong('groups', '1');
  return {
    kernel: options.pair('kernel_size', 1),
    strides: options.pair('strides', 1, 1),
    dilations: options.pair('dilation_rate', 1, 1),
    padding: options.choice('padding', ['valid', 'same'], 'valid'),
  };
}

/** A Conv of `x` with a kernel that already lies in ONNX's order [out, in / groups, kh, kw]. */
function convolve(call: Call, x: Value, kernel: Weight, window: Window, groups: number, bias?: Weight): Value {
  const { b } = call;
  const { size, pads } = slideOver(x.dims, window.kernel, window.strides, window.dilations, window.padding);
  const inputs = [b.channelsFirst(x).name, b.constant('kernel', constant(kernel))];
  if (bias) inputs.push(b.constant('bias', constant(bias)));
  return b.op('Conv', inputs, [...size, kernel.dims[0]], true, {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads,
    group: groups,
  });
}

export const Conv2D: LayerFunction = (call) => {
  const { options, place } = call;
  const x = input(call, 3);
  const window = windowOf(call);
  const filters = options.integer('filters', 1);
  const groups = options.integer('groups', 1, 1);
  const channels = x.dims[2];
  if (channels % groups !== 0 || filters % groups !== 0) {
    const what = `has groups=${groups}, which does not divide its ${channels} input channels and ${filters} filters`;
    throw wrongLayer(place, 'layer-option', what, 'Check the model.');
  }
  const { kernel, bias } = weights(call, {
    kernel: [...window.kernel, channels / groups, filters],
    bias: options.boolean('use_bias', true) ? [filters] : null,
  });
  return activate(call, convolve(call, x, transposed(kernel, [3, 2, 0, 1]), window, groups, bias));
};

/** [kh, kw, in, multiplier] as one group per input channel: [in * multiplier, 1, kh, kw]. */
function depthwise(kernel: Weight): Weight {
  const [height, width, channels, multiplier] = kernel.dims;
  return reshaped(transposed(kernel, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

export const DepthwiseConv2D: LayerFunction = (call) => {
  const { options } = call;
  const x = input(call, 3);
  const window = windowOf(call);
  const channels = x.dims[2];
  const multiplier = options.integer('depth_multiplier', 1, 1);
  // TensorFlow.js has named this kernel `depthwise_kernel`, Keras 3 `kernel`: stores know both.
  const { depthwise_kernel: kernel, bias } = weights(call, {
    depthwise_kernel: [...window.kernel, channels, multiplier],
    bias: options.boolean('use_bias', true) ? [channels * multiplier] : null,
  });
  return activate(call, convolve(call, x, depthwise(kernel), window, channels, bias));
};

export const SeparableConv2D: LayerFunction = (call) => {
  const { options } = call;
  const x = input(call, 3);
  const window = windowOf(call);
  const channels = x.dims[2];
  const filters = options.integer('filters', 1);
  const multiplier = options.integer('depth_multiplier', 1, 1);
  const { depthwise_kernel: own, pointwise_kernel: mixing, bias } = weights(call, {
    depthwise_kernel: [...window.kernel, channels, multiplier],
    pointwise_kernel: [1, 1, channels * multiplier, filters],
    bias: options.boolean('use_bias', true) ? [filters] : null,
  });
  const apart = convolve(call, x, depthwise(own), window, channels);
  const point: Window = { kernel: [1, 1], strides: [1, 1], dilations: [1, 1], padding: 'valid' };
  return activate(call, convolve(call, apart, transposed(mixing, [3, 2, 0, 1]), point, 1, bias));
};

/** The gradient of a convolution whose input has the size that Keras gives this layer's output. */
export const Conv2DTranspose: LayerFunction = (call) => {
  const { options, b } = call;
  const x = input(call, 3);
  const { kernel, strides, dilations, padding } = windowOf(call);
  const filters = options.integer('filters', 1);
  const channels = x.dims[2];
  const more = options.any('output_padding') === undefined ? undefined : options.pair('output_padding', 0);
  const { kernel: weight, bias } = weights(call, {
    kernel: [...kernel, filters, channels],
    bias: options.boolean('use_bias', true) ? [filters] : null,
  });
  const sides = [0, 1].map((axis) => {
    const [size, stride] = [x.dims[axis], strides[axis]];
    const reach = (kernel[axis] - 1) * dilations[axis] + 1;
    const full = (size - 1) * stride + reach;
    const plain = padding === 'same' ? size * stride : size * stride + Math.max(reach - stride, 0);
    const wanted = more ? full - (padding === 'same' ? 2 * Math.floor(reach / 2) : 0) + more[axis] : plain;
    const { size: back, before } = slide(wanted, kernel[axis], stride, dilations[axis], padding);
    if (back !== size) throw options.wrong('output_padding', `one that fits the strides [${strides}] and the input's size`);
    return { wanted, before, after: Math.max(full - wanted - before, 0), more: Math.max(wanted + before - full, 0) };
  });
  const inputs = [b.channelsFirst(x).name, b.constant('kernel', constant(transposed(weight, [3, 2, 0, 1])))];
  if (bias) inputs.push(b.constant('bias', constant(bias)));
  const y = b.op('ConvTranspose', inputs, [...sides.map((side) => side.wanted), filters], true, {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [...sides.map((side) => side.before), ...sides.map((side) => side.after)],
    output_padding: sides.map((side) => side.more),
  });
  return activate(call, y);
};
