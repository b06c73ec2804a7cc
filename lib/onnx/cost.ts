// What a model costs: its parameters, and the arithmetic of one image.
import { sizeOf } from '../tensor.ts';
import { isFloat } from './constants.ts';
import type { Constant, Graph, Node } from './graph.ts';
import { inferShapes, type Shapes } from './shapes.ts';

export type Cost = { parameters: number; flopsPerImage: number };

/**
 * parameters: elements of the floating-point initializers with at least one dimension (a scalar is an epsilon, an exponent
 * or the pixel scaling), and the numbers that trees and support vectors hold as attributes.
 * flopsPerImage: of one forward pass, divided by the batch. A multiply-add of Conv, ConvTranspose, Gemm or MatMul counts
 * two; a pool or reduction counts one per element it reads in each window; moving elements counts nothing; everything
 * else one per element of its output.
 */
export function costOf(graph: Graph): Cost {
  const batch = graph.inputs[0]?.dims[0] ?? 1;
  const shapes = inferShapes(graph, batch);
  const parameters = [...graph.constants.values()].reduce((sum, constant) => sum + learnedIn(constant), 0);
  const held = graph.nodes.flatMap(({ attributes }) => Object.values(attributes)).filter(({ kind }) => kind === 'floats');
  const own = held.reduce((sum, { value }) => sum + (value as readonly number[]).length, 0);
  const flops = graph.nodes.reduce((sum, node) => sum + flopsOf(node, shapes), 0);
  return { parameters: parameters + own, flopsPerImage: Math.round(flops / batch) };
}

/** One step from image to logits. */
export type Layer = {
  name: string;
  operator: string;
  /** Shape of its first output, of one image. */
  output: number[];
  /** Counted where a weight is used first. */
  parameters: number;
  flops: number;
};

/**
 * The nodes that compute something of the image, in order, with the same counts as `costOf`; shapes that are computed on the
 * way, and constants, are none of them.
 */
export function layersOf(graph: Graph): Layer[] {
  const batch = graph.inputs[0]?.dims[0] ?? 1;
  const shapes = inferShapes(graph, batch);
  const seen = new Set<string>();
  return graph.nodes.flatMap((node) => {
    const dims = shapes.dims.get(node.outputs[0]);
    if (!dims || shapes.values.has(node.outputs[0])) return [];
    const weights = node.inputs.filter((name) => graph.constants.has(name) && !seen.has(name));
    for (const name of weights) seen.add(name);
    const held = Object.values(node.attributes).reduce((sum, { kind, value }) => sum + (kind === 'floats' ? value.length : 0), 0);
    const parameters = weights.reduce((sum, name) => sum + learnedIn(graph.constants.get(name)!), held);
    const output = dims[0] === batch ? dims.slice(1) : dims;
    return [{ name: node.name, operator: node.op, output: [...output], parameters, flops: Math.round(flopsOf(node, shapes) / batch) }];
  });
}

const learnedIn = ({ type, dims }: Constant) => (isFloat(type) && dims.length > 0 ? sizeOf(dims) : 0);

const moves = new Set([
  'Cast',
  'Concat',
  'Constant',
  'ConstantOfShape',
  'DepthToSpace',
  'Dropout',
  'Expand',
  'Flatten',
  'Gather',
  'GatherElements',
  'GatherND',
  'Identity',
  'Pad',
  'Range',
  'Reshape',
  'ScatterElements',
  'ScatterND',
  'Shape',
  'Size',
  'Slice',
  'SpaceToDepth',
  'Split',
  'Squeeze',
  'Tile',
  'Transpose',
  'Unsqueeze',
]);

function flopsOf(node: Node, shapes: Shapes): number {
  const size = (name: string) => sizeOf(shapes.dims.get(name) ?? []);
  const output = node.outputs[0];
  if (moves.has(node.op) || shapes.values.has(output)) return 0;
  const weight = shapes.dims.get(node.inputs[1]) ?? [];
  switch (node.op) {
    // Each output element is the product of one weight row [C / group, ...kernel].
    case 'Conv':
      return 2 * size(output) * sizeOf(weight.slice(1));
    // Each input element is spread by one weight slice [M / group, ...kernel].
    case 'ConvTranspose':
      return 2 * size(node.inputs[0]) * sizeOf(weight.slice(1));
    case 'Gemm':
      return 2 * size(output) * innerSize(node, shapes);
    case 'MatMul':
      return 2 * size(output) * (shapes.dims.get(node.inputs[0])?.at(-1) ?? 1);
    case 'MaxPool':
    case 'AveragePool':
    case 'LpPool':
      return size(output) * windowSize(node);
  }
  return node.op.startsWith('Reduce') || node.op.startsWith('Global') ? size(node.inputs[0]) : size(output);
}

function innerSize(node: Node, shapes: Shapes): number {
  const dims = shapes.dims.get(node.inputs[0]) ?? [];
  const transposed = node.attributes.transA?.kind === 'int' && node.attributes.transA.value !== 0;
  return (transposed ? dims[0] : dims[1]) ?? 1;
}

function windowSize(node: Node): number {
  const kernel = node.attributes.kernel_shape;
  return kernel?.kind === 'ints' ? sizeOf(kernel.value) : 1;
}
