// The fully connected layer.
import { activate } from './activations.ts';
import { input, weights, type LayerFunction } from './call.ts';
import { constant } from './weights.ts';

/** On images and sequences it works along the last axis. */
export const Dense: LayerFunction = (call) => {
  const { options, b } = call;
  const x = b.last(input(call));
  const units = options.integer('units', 1);
  const { kernel, bias } = weights(call, {
    kernel: [x.dims.at(-1)!, units],
    bias: options.boolean('use_bias', true) ? [units] : null,
  });
  const inputs = [x.name, b.constant('kernel', constant(kernel))];
  const dims = [...x.dims.slice(0, -1), units];
  if (x.dims.length === 1) {
    if (bias) inputs.push(b.constant('bias', constant(bias)));
    return activate(call, b.op('Gemm', inputs, dims, false));
  }
  const product = b.op('MatMul', inputs, dims, false);
  return activate(call, bias ? b.same('Add', product, [b.constant('bias', constant(bias))]) : product);
};
