// Pooling, over windows and over the whole image.
import type { Value } from './builder.ts';
import { input, type Call, type LayerFunction } from './call.ts';
import { slideOver } from './convolution.ts';

/** What 'same' padding adds counts neither for the maximum nor for the mean. */
function pool(call: Call, op: 'MaxPool' | 'AveragePool'): Value {
  const { options, b } = call;
  const x = input(call, 3);
  const kernel = options.pair('pool_size', 1, 2);
  const strides = options.any('strides') === undefined ? kernel : options.pair('strides', 1);
  const { size, pads } = slideOver(x.dims, kernel, strides, [1, 1], options.choice('padding', ['valid', 'same'], 'valid'));
  return b.op(op, [b.channelsFirst(x).name], [...size, x.dims[2]], true, { kernel_shape: kernel, strides, pads });
}

export const MaxPooling2D: LayerFunction = (call) => pool(call, 'MaxPool');
export const AveragePooling2D: LayerFunction = (call) => pool(call, 'AveragePool');

function globalPool(call: Call, op: 'ReduceMax' | 'GlobalAveragePool'): Value {
  const { options, b } = call;
  const x = b.channelsFirst(input(call, 3));
  const channels = x.dims[2];
  const more = op === 'ReduceMax' ? [b.integers([2, 3])] : [];
  const pooled = b.last(b.op(op, [x.name, ...more], [1, 1, channels], true));
  return options.boolean('keepdims', false) ? pooled : b.reshape(pooled, [channels]);
}

/** A reduction: in Keras several equal maxima of an image share the gradient, those of a small window do not. */
export const GlobalMaxPooling2D: LayerFunction = (call) => globalPool(call, 'ReduceMax');
export const GlobalAveragePooling2D: LayerFunction = (call) => globalPool(call, 'GlobalAveragePool');
