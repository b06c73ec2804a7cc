// What a layer function gets: its options, its inputs, its weights and where to write.
import type { NetworkBuilder, Value } from './builder.ts';
import type { Options } from './options.ts';
import { wrongLayer } from './problem.ts';
import { checked, type Place, type Weight, type WeightStore } from './weights.ts';

/** Whose rules hold where Keras 3, Keras 2 and TensorFlow.js differ. */
export type Dialect = 'keras3' | 'keras2' | 'tfjs';

export type Call = {
  place: Place;
  options: Options;
  inputs: readonly Value[];
  b: NetworkBuilder;
  store: WeightStore;
  dialect: Dialect;
};

/** One Keras layer as ONNX nodes: its output. Throws SubmissionError for options and weights that it cannot take. */
export type LayerFunction = (call: Call) => Value;

/** The one input, of the given rank without the batch (any rank when none is given). */
export function input({ place, inputs }: Call, rank?: number): Value {
  if (inputs.length !== 1) throw wrongLayer(place, 'layer-inputs', `has ${inputs.length} inputs; it takes one`, 'Check the model.');
  const [x] = inputs;
  if (rank === undefined || x.dims.length === rank) return x;
  const wanted = ['[N]', '[N, features]', '[N, steps, features]', '[N, height, width, channels]'][rank];
  throw wrongLayer(place, 'layer-inputs', `gets a tensor [N, ${x.dims.join(', ')}]; it takes ${wanted}`, 'Check the model.');
}

type Dims = readonly number[];

/** The layer's weights by role; a role whose dims are null is not there. The order of the roles is that of Keras. */
export function weights<R extends string>({ place, store }: Call, wanted: Readonly<Record<R, Dims | null>>): Record<R, Weight> {
  const roles = (Object.keys(wanted) as R[]).filter((role) => wanted[role] !== null);
  const stored = store.of(place, roles);
  return Object.fromEntries(roles.map((role, i) => [role, checked(place, role, stored[i], wanted[role]!)])) as Record<R, Weight>;
}
