// Normalisation by stored statistics (BatchNormalization, Normalization) and over the features of one image.
import { float } from '../../onnx/node.ts';
import { sizeOf } from '../../tensor.ts';
import type { Value } from './builder.ts';
import { input, weights, type Call, type LayerFunction } from './call.ts';
import { unsupportedLayer } from './problem.ts';
import { constant } from './weights.ts';

/** An axis option as an index into the dims without the batch. */
function axisOf({ options }: Call, x: Value, key: string, value: unknown): number {
  const rank = x.dims.length + 1;
  const axis = Number.isInteger(value) ? ((value as number) + rank) % rank : 0;
  if (axis < 1 || (value as number) < -rank || (value as number) >= rank) throw options.wrong(key, 'an axis of an image');
  return axis - 1;
}

function axesOf(call: Call, x: Value, fallback: unknown): number[] {
  const value = call.options.any('axis') ?? fallback;
  const list = Array.isArray(value) ? value.slice(0, 8) : [value];
  return list.map((each) => axisOf(call, x, 'axis', each)).toSorted((a, b) => a - b);
}

export const BatchNormalization: LayerFunction = (call) => {
  const { options, b, place } = call;
  const x = input(call);
  const axes = axesOf(call, x, -1);
  if (axes.length !== 1) throw options.wrong('axis', 'one axis');
  const [axis] = axes;
  const size = x.dims[axis];
  const epsilon = options.number('epsilon', 1e-3);
  if (options.any('renorm_clipping') !== undefined) throw unsupportedLayer(place, 'layer-option', 'uses batch renormalisation');
  const { gamma, beta, moving_mean: mean, moving_variance: variance } = weights(call, {
    gamma: options.boolean('scale', true) ? [size] : null,
    beta: options.boolean('center', true) ? [size] : null,
    moving_mean: [size],
    moving_variance: [size],
  });
  const channels = axis === x.dims.length - 1 && (x.dims.length === 1 || x.dims.length === 3);
  if (channels) {
    const filled = (value: number) => ({ dims: [size], data: new Float32Array(size).fill(value) });
    const y = b.channelsFirst(x);
    const parameters = { scale: gamma ?? filled(1), bias: beta ?? filled(0), mean, variance };
    const names = Object.entries(parameters).map(([name, weight]) => b.constant(name, constant(weight)));
    return b.same('BatchNormalization', y, names, { epsilon: float(epsilon) });
  }
  // Along another axis: one factor and one offset for each of its places.
  const factor = variance.data.map((each, i) => (gamma?.data[i] ?? 1) / Math.sqrt(each + epsilon));
  const offset = factor.map((each, i) => (beta?.data[i] ?? 0) - mean.data[i] * each);
  const dims = x.dims.map((each, i) => (i === axis ? each : 1));
  const scaled = b.same('Mul', b.last(x), [b.floats(factor, dims)]);
  return b.same('Add', scaled, [b.floats(offset, dims)]);
};

export const LayerNormalization: LayerFunction = (call) => {
  const { options, b } = call;
  const x = b.last(input(call));
  const axes = axesOf(call, x, -1);
  const rank = x.dims.length;
  if (!axes.every((axis, i) => axis === rank - axes.length + i)) throw options.wrong('axis', 'the last axes');
  const dims = x.dims.slice(rank - axes.length);
  const { gamma, beta } = weights(call, {
    gamma: options.boolean('scale', true) ? dims : null,
    beta: options.boolean('center', true) ? dims : null,
  });
  const scale = gamma ?? { dims, data: new Float32Array(sizeOf(dims)).fill(1) };
  const names = [b.constant('gamma', constant(scale))];
  if (beta) names.push(b.constant('beta', constant(beta)));
  return b.same('LayerNormalization', x, names, { axis: -axes.length, epsilon: float(options.number('epsilon', 1e-3)) });
};

/** (x - mean) / max(deviation, 1e-7), the statistics given as options or learned by `adapt`. */
export const Normalization: LayerFunction = (call) => {
  const { options, b } = call;
  const x = b.last(input(call));
  if (options.boolean('invert', false)) throw options.wrong('invert', 'false');
  const axis = options.any('axis');
  const kept = axis === undefined || (Array.isArray(axis) && axis.length === 0) ? [] : axesOf(call, x, -1);
  const keptDims = kept.map((each) => x.dims[each]);
  const { mean, variance } = given(call, sizeOf(keptDims)) ?? learned(call, keptDims);
  const dims = x.dims.map((size, i) => (kept.includes(i) ? size : 1));
  const deviation = variance.map((each) => Math.max(Math.sqrt(each), 1e-7));
  return b.same('Div', b.same('Sub', x, [b.floats(mean, dims)]), [b.floats(deviation, dims)]);
};

function given({ options }: Call, size: number): { mean: Float32Array; variance: Float32Array } | null {
  const [mean, variance] = (['mean', 'variance'] as const).map((key) => {
    const value = options.any(key);
    if (value === undefined) return null;
    const list = (Array.isArray(value) ? value : [value]).flat(4);
    if (!list.every((each) => typeof each === 'number') || (list.length !== 1 && list.length !== size)) {
      throw options.wrong(key, `one number or ${size}`);
    }
    return Float32Array.from({ length: size }, (_, i) => list[i % list.length]);
  });
  return mean && variance ? { mean, variance } : null;
}

function learned(call: Call, dims: readonly number[]) {
  const { mean, variance } = weights(call, { mean: dims, variance: dims, count: [] });
  return { mean: mean.data, variance: variance.data };
}
