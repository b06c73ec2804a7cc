// Recognises the MaxPools that a tree of elementwise maxima can compute: windows side by side, without padding.
import { windowsOf } from '../../onnx/geometry.ts';
import type { Node } from '../../onnx/graph.ts';
import { ints } from '../../onnx/node.ts';

export type Tiling = { kernel: readonly [number, number]; output: readonly [number, number] };

/** Larger windows would make more nodes than they save time. */
const largestSide = 4;

/** The tiling of a two-dimensional MaxPool over `dims`, or null where its windows overlap, have gaps or leave the image. */
export function tilingOf(pool: Node, dims: readonly number[]): Tiling | null {
  const kernel = ints(pool, 'kernel_shape');
  if (pool.op !== 'MaxPool' || pool.domain !== '' || pool.outputs[1] || dims.length !== 4 || kernel?.length !== 2) return null;
  const { strides, dilations, padsBegin, output } = windowsOf(pool, dims.slice(2), kernel);
  const tiles = [0, 1].every(
    (axis) =>
      kernel[axis] === strides[axis] && dilations[axis] === 1 && padsBegin[axis] === 0 && kernel[axis] <= largestSide &&
      output[axis] * kernel[axis] <= dims[axis + 2],
  );
  return tiles ? { kernel: [kernel[0], kernel[1]], output: [output[0], output[1]] } : null;
}
