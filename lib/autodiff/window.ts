// Puts the sliding windows of convolutions and pools back where they came from.
import type { Geometry } from '../onnx/geometry.ts';

/** Elements a dilated kernel spans along an axis. */
export function spanOf({ kernel, dilations }: Geometry, axis: number): number {
  return (kernel[axis] - 1) * dilations[axis] + 1;
}

/** Attributes of the ConvTranspose that takes a window's output back to exactly the spatial sizes `input`: its adjoint. */
export function transposed(window: Geometry, input: readonly number[]) {
  const { kernel, strides, dilations, padsBegin, output } = window;
  const surplus = input.map((size, axis) => (output[axis] - 1) * strides[axis] + spanOf(window, axis) - padsBegin[axis] - size);
  return {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [...padsBegin, ...surplus.map((size) => Math.max(0, size))],
    output_padding: surplus.map((size) => Math.max(0, -size)),
  };
}
