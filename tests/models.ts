// Small models built in code with seeded weights, for every test that needs one. Inputs `x`, output `logits` unless said otherwise.
import { floatConstant, int64Constant } from '../lib/onnx/constants.ts';
import { unitScaling, type Constant, type ElementType, type Graph, type Model, type Node } from '../lib/onnx/graph.ts';
import { float, node } from '../lib/onnx/node.ts';
import { Stream } from '../lib/random.ts';
import { sizeOf } from '../lib/tensor.ts';

type Dims = readonly (number | null)[];

/** A graph from its parts. An input or output is [name, dims] of float32, or [name, dims, type]; nodes in order. */
export function graphOf(parts: {
  inputs?: readonly (readonly [string, Dims, ElementType?])[];
  outputs?: readonly (readonly [string, Dims, ElementType?])[];
  constants?: Readonly<Record<string, Constant>>;
  nodes: readonly Node[];
}): Graph {
  const values = (list: readonly (readonly [string, Dims, ElementType?])[]) =>
    list.map(([name, dims, type]) => ({ name, dims, type: type ?? ('float32' as const) }));
  return {
    name: 'test',
    inputs: values(parts.inputs ?? [['x', [null, 784]]]),
    outputs: values(parts.outputs ?? [['logits', [null, 10]]]),
    nodes: parts.nodes,
    constants: new Map(Object.entries(parts.constants ?? {})),
  };
}

/** The canonical model around a graph. */
export function modelOf(graph: Graph, facts: Partial<Omit<Model, 'graph'>> = {}): Model {
  return { graph, batch: null, layout: 'N,784', output: 'logits', scaling: unitScaling, ...facts };
}

/** Uniform float32 values in [low, high), the same for the same seed. */
export function uniform(seed: number, length: number, low = -1, high = 1): Float32Array {
  const stream = new Stream([seed, 0x7e57], { image: 0 });
  return Float32Array.from({ length }, () => low + (high - low) * stream.uniform());
}

/** A weight of the given shape, uniform within +-sqrt(3 / fan in), so that activations keep their size. */
export function weight(seed: number, dims: readonly number[], fanIn = sizeOf(dims.slice(1))): Constant {
  const bound = Math.sqrt(3 / fanIn);
  return floatConstant(uniform(seed, sizeOf(dims), -bound, bound), dims);
}

/** Gemm with a weight [out, in] and transB, as PyTorch's Linear exports; adds `<output>.w` and `<output>.b` to constants. */
export function linear(
  constants: Record<string, Constant>,
  seed: number,
  input: string,
  output: string,
  sizes: readonly [number, number],
): Node {
  const [from, to] = sizes;
  constants[`${output}.w`] = weight(seed, [to, from]);
  constants[`${output}.b`] = weight(seed + 1000, [to], from);
  return node('Gemm', [input, `${output}.w`, `${output}.b`], [output], { transB: 1 });
}

/** Conv with a bias; adds `<output>.w` and `<output>.b` to constants. */
export function conv(
  constants: Record<string, Constant>,
  seed: number,
  input: string,
  output: string,
  sizes: { from: number; to: number; kernel?: number; stride?: number; pad?: number; group?: number },
): Node {
  const { from, to, kernel = 3, stride = 1, pad = 1, group = 1 } = sizes;
  constants[`${output}.w`] = weight(seed, [to, from / group, kernel, kernel]);
  constants[`${output}.b`] = weight(seed + 1000, [to], (from / group) * kernel * kernel);
  const attributes = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad], group };
  return node('Conv', [input, `${output}.w`, `${output}.b`], [output], attributes);
}

/** BatchNormalization with running statistics around zero and one; adds its four constants. */
export function batchNorm(constants: Record<string, Constant>, seed: number, input: string, output: string, channels: number): Node {
  constants[`${output}.scale`] = floatConstant(uniform(seed, channels, 0.5, 1.5), [channels]);
  constants[`${output}.shift`] = floatConstant(uniform(seed + 1, channels, -0.3, 0.3), [channels]);
  constants[`${output}.mean`] = floatConstant(uniform(seed + 2, channels, -0.2, 0.2), [channels]);
  constants[`${output}.variance`] = floatConstant(uniform(seed + 3, channels, 0.5, 1.5), [channels]);
  const inputs = ['scale', 'shift', 'mean', 'variance'].map((part) => `${output}.${part}`);
  return node('BatchNormalization', [input, ...inputs], [output], { epsilon: 1e-5 });
}

/** x [N,784] -> image [N,1,28,28]. */
export function toImage(constants: Record<string, Constant>, input = 'x', output = 'image'): Node {
  constants.imageShape = int64Constant([-1, 1, 28, 28]);
  return node('Reshape', [input, 'imageShape'], [output]);
}

/** Softmax regression. */
export function linearModel(seed = 1): Model {
  const constants: Record<string, Constant> = {};
  return modelOf(graphOf({ constants, nodes: [linear(constants, seed, 'x', 'logits', [784, 10])] }));
}

/** 784 - hidden - 10 with Relu. */
export function mlpModel(seed = 1, hidden = 32): Model {
  const constants: Record<string, Constant> = {};
  const nodes = [
    linear(constants, seed, 'x', 'h', [784, hidden]),
    node('Relu', ['h'], ['r']),
    linear(constants, seed + 1, 'r', 'logits', [hidden, 10]),
  ];
  return modelOf(graphOf({ constants, nodes }));
}

/** conv - batch norm - relu - pool, twice, and a dense layer; the usual student CNN. */
export function cnnModel(seed = 1, channels = 4): Model {
  const constants: Record<string, Constant> = {};
  const pool = { kernel_shape: [2, 2], strides: [2, 2] };
  const nodes = [
    toImage(constants),
    conv(constants, seed, 'image', 'c1', { from: 1, to: channels }),
    batchNorm(constants, seed + 1, 'c1', 'b1', channels),
    node('Relu', ['b1'], ['r1']),
    node('MaxPool', ['r1'], ['p1'], pool),
    conv(constants, seed + 2, 'p1', 'c2', { from: channels, to: 2 * channels }),
    batchNorm(constants, seed + 3, 'c2', 'b2', 2 * channels),
    node('LeakyRelu', ['b2'], ['r2'], { alpha: float(0.1) }),
    node('MaxPool', ['r2'], ['p2'], pool),
    node('Flatten', ['p2'], ['f'], { axis: 1 }),
    linear(constants, seed + 4, 'f', 'logits', [2 * channels * 49, 10]),
  ];
  return modelOf(graphOf({ constants, nodes }), { layout: 'N,1,28,28' });
}

/** A small ResNet: stem, one plain block, one strided block with a projection, global average pool, dense. */
export function resnetModel(seed = 1, channels = 4): Model {
  const constants: Record<string, Constant> = {};
  const block = (name: string, seed: number, input: string, from: number, to: number, stride: number): Node[] => {
    const shortcut = from === to && stride === 1 ? input : `${name}.s`;
    const projection = shortcut === input ? [] : [conv(constants, seed + 4, input, shortcut, { from, to, kernel: 1, stride, pad: 0 })];
    return [
      ...projection,
      conv(constants, seed, input, `${name}.c1`, { from, to, stride }),
      batchNorm(constants, seed + 1, `${name}.c1`, `${name}.b1`, to),
      node('Relu', [`${name}.b1`], [`${name}.r1`]),
      conv(constants, seed + 2, `${name}.r1`, `${name}.c2`, { from: to, to }),
      batchNorm(constants, seed + 3, `${name}.c2`, `${name}.b2`, to),
      node('Add', [`${name}.b2`, shortcut], [`${name}.a`]),
      node('Relu', [`${name}.a`], [name]),
    ];
  };
  const nodes = [
    toImage(constants),
    conv(constants, seed, 'image', 'stem', { from: 1, to: channels, stride: 2 }),
    ...block('one', seed + 10, 'stem', channels, channels, 1),
    ...block('two', seed + 20, 'one', channels, 2 * channels, 2),
    node('GlobalAveragePool', ['two'], ['g']),
    node('Flatten', ['g'], ['f'], { axis: 1 }),
    linear(constants, seed + 30, 'f', 'logits', [2 * channels, 10]),
  ];
  return modelOf(graphOf({ constants, nodes }), { layout: 'N,1,28,28' });
}
