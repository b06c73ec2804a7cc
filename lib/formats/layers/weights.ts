// How layers get their weights, whichever file holds them. Knows no file.
import type { Constant } from '../../onnx/graph.ts';
import { sizeOf } from '../../tensor.ts';
import { wrongLayer, type LayerName } from './problem.ts';

/** One stored tensor; `read` gives its values and is called once the shape has been found right. */
export type Stored = { label: string; dims: readonly number[]; read: () => Float32Array };

/** A layer's place in its file: its name, and its slot as Keras 3 counts them (`conv2d_1`). */
export type Place = LayerName & { slot: string };

/** The weights of one network (or submodel). */
export type WeightStore = {
  /** The tensors of a layer, in the order of `roles` (`kernel`, `bias`, ...). Throws SubmissionError: missing or extra ones. */
  of: (place: Place, roles: readonly string[]) => Stored[];
  /** The weights of a submodel. */
  inside: (place: Place) => WeightStore;
};

export type Weight = { dims: readonly number[]; data: Float32Array };

/** The refusal of a layer whose weights are not those it needs. */
export function wrongWeights(layer: LayerName, what: string) {
  return wrongLayer(layer, 'layer-weights', what, 'Save the model again after it was built and trained, and upload all its files.');
}

/** The values of one stored tensor, which must have just these dimensions. */
export function checked(layer: LayerName, role: string, stored: Stored, dims: readonly number[]): Weight {
  if (String(stored.dims) !== String(dims)) {
    throw wrongWeights(layer, `has a ${role} of shape [${stored.dims.slice(0, 8)}] in the file; by its options it is [${dims}]`);
  }
  const data = stored.read();
  if (data.length !== sizeOf(dims)) throw wrongWeights(layer, `has a ${role} of ${data.length} values; wanted ${sizeOf(dims)}`);
  return { dims, data };
}

/** A weight with its axes in another order, e.g. Keras's [kh, kw, in, out] as ONNX's [out, in, kh, kw]. */
export function transposed({ dims, data }: Weight, order: readonly number[]): Weight {
  const to = order.map((axis) => dims[axis]);
  const strides = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  const steps = order.map((axis) => strides[axis]);
  const out = new Float32Array(data.length);
  const index = to.map(() => 0);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = data[from];
    for (let axis = to.length - 1; axis >= 0; axis--) {
      from += steps[axis];
      if (++index[axis] < to[axis]) break;
      from -= steps[axis] * to[axis];
      index[axis] = 0;
    }
  }
  return { dims: to, data: out };
}

export function reshaped({ data }: Weight, dims: readonly number[]): Weight {
  return { dims, data };
}

/** As a constant of the graph. */
export function constant({ dims, data }: Weight): Constant {
  return { type: 'float32', dims, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
