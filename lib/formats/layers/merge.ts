// Layers of several inputs.
import type { NetworkBuilder, Value } from './builder.ts';
import type { LayerFunction } from './call.ts';
import { wrongLayer, type LayerName } from './problem.ts';

/** The inputs in one order of elements, with as many axes each: Keras puts new ones behind the batch. */
export function aligned(b: NetworkBuilder, inputs: readonly Value[]): Value[] {
  const rank = Math.max(...inputs.map(({ dims }) => dims.length));
  const level = inputs.map((x) => {
    if (x.dims.length === rank) return x;
    return b.reshape(b.last(x), [...new Array<number>(rank - x.dims.length).fill(1), ...x.dims]);
  });
  const first = rank === 3 && level.some((x) => x.first);
  return level.map((x) => (first ? b.channelsFirst(x) : b.last(x)));
}

/** Dims of elementwise arithmetic on equal ranks. */
export function broadcast(place: LayerName, inputs: readonly Value[]): number[] {
  return inputs[0].dims.map((_, axis) => {
    const sizes = new Set(inputs.map(({ dims }) => dims[axis]).filter((size) => size !== 1));
    if (sizes.size > 1) {
      const shapes = inputs.map(({ dims }) => `[N, ${dims.join(', ')}]`).join(' and ');
      throw wrongLayer(place, 'layer-inputs', `cannot combine ${shapes}`, 'Give its inputs one shape.');
    }
    return [...sizes][0] ?? 1;
  });
}

/** `variadic` operators take all inputs at once, the others two by two from the left. */
function combine(op: string, variadic = false): LayerFunction {
  return ({ b, inputs, place }) => {
    if (inputs.length < 2) throw wrongLayer(place, 'layer-inputs', `has ${inputs.length} inputs; it takes 2 or more`, 'Check the model.');
    const all = aligned(b, inputs);
    const write = (some: readonly Value[]) => b.op(op, some.map(({ name }) => name), broadcast(place, some), some[0].first);
    return variadic ? write(all) : all.slice(1).reduce((sum, x) => write([sum, x]), all[0]);
  };
}

export const Add = combine('Add');
export const Multiply = combine('Mul');
export const Subtract = combine('Sub');
export const Average = combine('Mean', true);
export const Maximum = combine('Max', true);
export const Minimum = combine('Min', true);

export const Concatenate: LayerFunction = ({ b, inputs, options, place }) => {
  const rank = inputs[0]?.dims.length ?? 0;
  const axis = options.any('axis') ?? -1;
  const positive = Number.isInteger(axis) ? ((axis as number) < 0 ? (axis as number) + rank + 1 : (axis as number)) - 1 : -1;
  if (positive < 0 || positive >= rank) throw options.wrong('axis', 'an axis of an image');
  const alike = inputs.every(({ dims }) => dims.length === rank && dims.every((size, i) => i === positive || size === inputs[0].dims[i]));
  if (!alike) {
    const shapes = inputs.map(({ dims }) => `[N, ${dims.join(', ')}]`).join(' and ');
    throw wrongLayer(place, 'layer-inputs', `cannot join ${shapes} along axis ${axis}`, 'Give its inputs fitting shapes.');
  }
  const all = aligned(b, inputs);
  const dims = inputs[0].dims.with(positive, inputs.reduce((sum, x) => sum + x.dims[positive], 0));
  const stored = all[0].first ? [2, 3, 1][positive] : positive + 1;
  return b.op('Concat', all.map(({ name }) => name), dims, all[0].first, { axis: stored });
};
