// The rule of Resize. Every mode is a linear map along each axis by itself, so dx is dy times those maps, transposed.
import { floatsOf } from '../../onnx/constants.ts';
import type { Node } from '../../onnx/graph.ts';
import { int, ints, nameOf, number, text } from '../../onnx/node.ts';
import { ModelError } from '../../onnx/error.ts';
import type { Builder } from '../builder.ts';
import { noGradient, type Rule } from '../rule.ts';

type Axis = { from: number; to: number; scale: number };

/** Where output pixel `at` lies in the input, by the mode of the same name. */
const places: Record<string, (at: number, axis: Axis) => number> = {
  half_pixel: (at, { scale }) => (at + 0.5) / scale - 0.5,
  pytorch_half_pixel: (at, { scale, to }) => (to > 1 ? (at + 0.5) / scale - 0.5 : 0),
  half_pixel_symmetric: (at, { from, to, scale }) => {
    const centre = from / 2;
    return centre * (1 - to / (scale * from)) + (at + 0.5) / scale - 0.5;
  },
  align_corners: (at, { from, to }) => (to > 1 ? (at * (from - 1)) / (to - 1) : 0),
  asymmetric: (at, { scale }) => at / scale,
  tf_half_pixel_for_nn: (at, { scale }) => (at + 0.5) / scale,
};

const roundings: Record<string, (x: number) => number> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

type Kernel = { reach: number; weight: (distance: number) => number };

/** How much a pixel at some distance counts: between two neighbours, or by cubic convolution. */
function kernelOf(node: Node, mode: string): Kernel {
  if (mode === 'linear') return { reach: 1, weight: (d) => Math.max(0, 1 - Math.abs(d)) };
  const a = number(node, 'cubic_coeff_a', -0.75);
  const weight = (signed: number) => {
    const d = Math.abs(signed);
    if (d >= 2) return 0;
    return d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  };
  return { reach: 2, weight };
}

/** The input pixels output pixel `at` is made of, with their weights. */
function partsOf(node: Node, at: number, axis: Axis): [pixel: number, weight: number][] {
  const place = places[text(node, 'coordinate_transformation_mode', 'half_pixel')];
  if (!place) throw noGradient(node, 'of its coordinate_transformation_mode; wanted one of ' + Object.keys(places).join(', '));
  const inside = (pixel: number) => Math.min(Math.max(pixel, 0), axis.from - 1);
  const x = place(at, axis);
  const mode = text(node, 'mode', 'nearest');
  if (mode === 'nearest') return [[inside(roundings[text(node, 'nearest_mode', 'round_prefer_floor')](x)), 1]];
  const { reach, weight } = kernelOf(node, mode);
  // Antialiasing stretches the kernel over all the pixels that one pixel of a smaller image stands for.
  const shrink = int(node, 'antialias', 0) ? Math.min(axis.scale, 1) : 1;
  const first = Math.floor(x - reach / shrink) + 1;
  const last = Math.floor(x + reach / shrink);
  const parts = Array.from({ length: last - first + 1 }, (_, i) => [first + i, weight((first + i - x) * shrink)] as const);
  const counted = int(node, 'exclude_outside', 0) ? parts.filter(([pixel]) => pixel === inside(pixel)) : parts;
  const sum = counted.reduce((total, [, each]) => total + each, 0);
  return counted.map(([pixel, each]) => [inside(pixel), each / sum]);
}

/** The map along one axis as a matrix [to, from]. */
function matrixOf(node: Node, axis: Axis): Float32Array {
  const matrix = new Float32Array(axis.to * axis.from);
  for (let at = 0; at < axis.to; at++) for (const [pixel, weight] of partsOf(node, at, axis)) matrix[at * axis.from + pixel] += weight;
  return matrix;
}

/** y = M x along every axis that is resized: dx = M^T dy along each. */
export const Resize: Rule = ({ b, dy, node, node: { inputs: [x, , scales] } }) => {
  const [from, to] = [b.dims(x), b.dims(dy)];
  const given = scales ? b.value(scales) : undefined;
  if (scales && !given) throw new ModelError(`${nameOf(node)} computes its scales; wanted constant scales.`);
  const factors = given ? [...floatsOf(given)] : [];
  const axes = ints(node, 'axes')?.map((axis) => (axis < 0 ? axis + from.length : axis)) ?? from.map((_, axis) => axis);
  let result = dy;
  axes.forEach((at, i) => {
    const axis = { from: from[at], to: to[at], scale: factors[i] ?? to[at] / from[at] };
    if (axis.from === axis.to && axis.scale === 1) return;
    result = alongAxis(b, result, at, b.float(matrixOf(node, axis), [axis.to, axis.from]));
  });
  return [result];
};

/** M^T a along an axis of a, for a constant M [rows, columns]. */
function alongAxis(b: Builder, a: string, axis: number, matrix: string): string {
  const dims = b.dims(a);
  const [rows, columns] = b.dims(matrix);
  const out = dims.map((size, i) => (i === axis ? columns : size));
  if (axis === dims.length - 1) return b.node('MatMul', [a, matrix], out);
  const product = (list: readonly number[]) => list.reduce((all, size) => all * size, 1);
  const [before, after] = [product(dims.slice(0, axis)), product(dims.slice(axis + 1))];
  const stacked = b.reshape(a, [before, rows, after]);
  return b.reshape(b.node('MatMul', [b.transpose(matrix, [1, 0]), stacked], [before, columns, after]), out);
}
