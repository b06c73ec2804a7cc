// Shape rules of operators that read an image between its pixels.
import { floatsOf } from '../constants.ts';
import { ints, text } from '../node.ts';
import { axisOf, input, integersAt, misfit, type ShapeRule } from './call.ts';

export const Resize: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const axes = (ints(call.node, 'axes') ?? [...dims.keys()]).map((axis) => axisOf(call, axis, dims.length));
  const sizes = integersAt(call, 3);
  const scales = call.inputs[2]?.constant;
  const policy = text(call.node, 'keep_aspect_ratio_policy', 'stretch');
  if (policy !== 'stretch') throw misfit(call, 'keep_aspect_ratio_policy "stretch"');
  if (sizes?.length === axes.length) return [{ dims: dims.map((size, axis) => sizes[axes.indexOf(axis)] ?? size), type }];
  if (!scales) throw misfit(call, 'sizes or scales that are known before the model runs');
  const factors = floatsOf(scales);
  // In float32, as ONNX Runtime does: 28 * 15/28 is 15 there, and less in float64.
  return [{ dims: dims.map((size, axis) => Math.floor(Math.fround(size * (factors[axes.indexOf(axis)] ?? 1)))), type }];
};

export const GridSample: ShapeRule = (call) => {
  const [x, grid] = [input(call, 0), input(call, 1)];
  const rank = x.dims.length;
  if (rank < 3 || grid.dims.length !== rank || grid.dims[0] !== x.dims[0] || grid.dims[rank - 1] !== rank - 2) {
    throw misfit(call, 'an image [N, C, H, W] and a grid [N, H_out, W_out, 2]');
  }
  return [{ dims: [...x.dims.slice(0, 2), ...grid.dims.slice(1, -1)], type: x.type }];
};

export const AffineGrid: ShapeRule = (call) => {
  const theta = input(call);
  const [batch, , ...space] = integersAt(call, 1) ?? [];
  if (theta.dims.length !== 3 || theta.dims[1] !== space.length || theta.dims[2] !== space.length + 1 || theta.dims[0] !== batch) {
    throw misfit(call, 'maps [N, 2, 3] and a size [N, C, H, W]');
  }
  return [{ dims: [batch, ...space, space.length], type: theta.type }];
};
