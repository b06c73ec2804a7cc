// A dense float32 array with a shape: the only numeric container that crosses a seam of the project.

/** Row-major float32 tensor; `data.length` equals the product of `shape`. */
export type Tensor = { readonly data: Float32Array; readonly shape: readonly number[] };

/** Number of elements of a shape; 1 for the empty shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

/** Wraps `data` as a tensor. Throws RangeError when the length and the shape disagree. */
export function tensor(data: Float32Array, shape: readonly number[]): Tensor {
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`A tensor of shape [${shape}] needs ${sizeOf(shape)} elements; got ${data.length}.`);
  }
  return { data, shape };
}

/** Rows [from, to) of a tensor [N, ...], sharing memory with it. */
export function rowsOf(source: Tensor, from: number, to: number): Tensor {
  const width = sizeOf(source.shape.slice(1));
  return { data: source.data.subarray(from * width, to * width), shape: [to - from, ...source.shape.slice(1)] };
}

/** Rows of a matrix [N, width] by their numbers, copied. */
export function pickRows({ data, shape: [, width] }: Tensor, rows: readonly number[]): Tensor {
  const picked = new Float32Array(rows.length * width);
  rows.forEach((from, to) => picked.set(data.subarray(from * width, (from + 1) * width), to * width));
  return { data: picked, shape: [rows.length, width] };
}

/** Index of the largest of `width` values starting at `offset`; the lowest index wins a tie (spec 2.5). */
export function argmax(data: ArrayLike<number>, offset: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (data[offset + i] > data[offset + best]) best = i;
  return best;
}

/** The class predicted for each row of logits [N, C]. */
export function predictions(logits: Tensor): Uint8Array {
  const [rows, classes] = logits.shape;
  return Uint8Array.from({ length: rows }, (_, row) => argmax(logits.data, row * classes, classes));
}
