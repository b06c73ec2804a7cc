// Networks of the sizes students train, with seeded weights, as graphs whose nodes are the calls of a module.
import type { Constant, Graph, Node } from '../../lib/onnx/graph.ts';
import { floatConstant, int64Constant } from '../../lib/onnx/constants.ts';
import { float, node } from '../../lib/onnx/node.ts';
import { batchNorm, conv, graphOf, linear, toImage, uniform, weight } from '../models.ts';

type Constants = Record<string, Constant>;

const pool = { kernel_shape: [2, 2], strides: [2, 2] };

/** 784-5000-10: 7.9 MFLOP and 16 MB of weights. */
export function wideMlp(): Graph {
  const constants: Constants = {};
  const nodes = [linear(constants, 1, 'x', 'h', [784, 5000]), node('Relu', ['h'], ['r']), linear(constants, 2, 'r', 'logits', [5000, 10])];
  return graphOf({ constants, nodes });
}

/** conv 32, pool, conv 64, pool, dense 128: 8.5 MFLOP forward. */
export function cnn(): Graph {
  const constants: Constants = {};
  const nodes = [
    toImage(constants),
    conv(constants, 1, 'image', 'c1', { from: 1, to: 32 }),
    node('Relu', ['c1'], ['r1']),
    node('MaxPool', ['r1'], ['p1'], pool),
    conv(constants, 2, 'p1', 'c2', { from: 32, to: 64 }),
    node('Relu', ['c2'], ['r2']),
    node('MaxPool', ['r2'], ['p2'], pool),
    node('Flatten', ['p2'], ['f'], { axis: 1 }),
    linear(constants, 3, 'f', 'd1', [3136, 128]),
    node('Relu', ['d1'], ['r3']),
    linear(constants, 4, 'r3', 'logits', [128, 10]),
  ];
  return graphOf({ constants, nodes });
}

/** Global average pooling and a dense layer. */
function head(constants: Constants, seed: number, input: string, channels: number): Node[] {
  return [
    node('GlobalAveragePool', [input], ['g']),
    node('Flatten', ['g'], ['f'], { axis: 1 }),
    linear(constants, seed, 'f', 'logits', [channels, 10]),
  ];
}

/** Stem and six residual blocks of 16, 32 and 64 channels with batch norms: 40 MFLOP forward. */
export function resnet(): Graph {
  const constants: Constants = {};
  const block = (name: string, seed: number, input: string, from: number, to: number): Node[] => {
    const stride = from === to ? 1 : 2;
    const shortcut = stride === 1 ? input : `${name}.sb`;
    const projection = stride === 1 ? [] : [
      conv(constants, seed, input, `${name}.s`, { from, to, kernel: 1, stride, pad: 0 }),
      batchNorm(constants, seed, `${name}.s`, shortcut, to),
    ];
    return [
      ...projection,
      conv(constants, seed + 1, input, `${name}.c1`, { from, to, stride }),
      batchNorm(constants, seed + 1, `${name}.c1`, `${name}.b1`, to),
      node('Relu', [`${name}.b1`], [`${name}.r1`]),
      conv(constants, seed + 2, `${name}.r1`, `${name}.c2`, { from: to, to }),
      batchNorm(constants, seed + 2, `${name}.c2`, `${name}.b2`, to),
      node('Add', [`${name}.b2`, shortcut], [`${name}.a`]),
      node('Relu', [`${name}.a`], [name]),
    ];
  };
  const nodes = [
    toImage(constants),
    conv(constants, 1, 'image', 'c', { from: 1, to: 16 }),
    batchNorm(constants, 1, 'c', 'b', 16),
    node('Relu', ['b'], ['stem']),
    ...block('one', 10, 'stem', 16, 16),
    ...block('two', 20, 'one', 16, 16),
    ...block('three', 30, 'two', 16, 32),
    ...block('four', 40, 'three', 32, 32),
    ...block('five', 50, 'four', 32, 64),
    ...block('six', 60, 'five', 64, 64),
    ...head(constants, 70, 'six', 64),
  ];
  return graphOf({ constants, nodes });
}

/** MobileNetV2 for 28x28 (Sandler 2018): a stem and six inverted residual blocks of expansion 4, ReLU6, 16 to 64 channels. */
export function mobileNet(): Graph {
  const constants: Constants = { low: floatConstant([0], []), high: floatConstant([6], []) };
  const layer = (name: string, seed: number, input: string, sizes: Parameters<typeof conv>[4]): Node[] => [
    conv(constants, seed, input, `${name}.c`, sizes),
    batchNorm(constants, seed, `${name}.c`, `${name}.b`, sizes.to),
    node('Clip', [`${name}.b`, 'low', 'high'], [name]),
  ];
  const block = (name: string, seed: number, input: string, from: number, to: number, stride: number): Node[] => {
    const wide = 4 * from;
    const whole = from === to && stride === 1;
    return [
      ...layer(`${name}.wide`, seed, input, { from, to: wide, kernel: 1, pad: 0 }),
      ...layer(`${name}.deep`, seed + 1, `${name}.wide`, { from: wide, to: wide, stride, group: wide }),
      conv(constants, seed + 2, `${name}.deep`, `${name}.n`, { from: wide, to, kernel: 1, pad: 0 }),
      batchNorm(constants, seed + 2, `${name}.n`, whole ? `${name}.p` : name, to),
      ...(whole ? [node('Add', [input, `${name}.p`], [name])] : []),
    ];
  };
  const nodes = [
    toImage(constants),
    ...layer('stem', 1, 'image', { from: 1, to: 16 }),
    ...block('one', 10, 'stem', 16, 24, 2),
    ...block('two', 20, 'one', 24, 24, 1),
    ...block('three', 30, 'two', 24, 40, 2),
    ...block('four', 40, 'three', 40, 40, 1),
    ...block('five', 50, 'four', 40, 64, 1),
    ...block('six', 60, 'five', 64, 64, 1),
    ...layer('last', 70, 'six', { from: 64, to: 256, kernel: 1, pad: 0 }),
    ...head(constants, 80, 'last', 256),
  ];
  return graphOf({ constants, nodes });
}

/** A small vision transformer (Dosovitskiy 2021): 49 patches of 4x4, width 64, four heads, four pre-norm blocks, mean pooling. */
export function visionTransformer(): Graph {
  const [tokens, width, heads, depth] = [49, 64, 4, 4];
  const each = width / heads;
  const constants: Constants = {
    rows: int64Constant([-1, width, tokens]), apart: int64Constant([-1, tokens, heads, each]), joined: int64Constant([-1, tokens, width]),
    scale: floatConstant([1 / Math.sqrt(each)], []), positions: floatConstant(uniform(9, tokens * width, -0.1, 0.1), [1, tokens, width]),
    tokenAxis: int64Constant([1]),
  };
  const dense = (seed: number, input: string, output: string, from: number, to: number): Node[] => {
    constants[`${output}.w`] = weight(seed, [from, to], from);
    constants[`${output}.b`] = weight(seed + 1000, [to], from);
    return [node('MatMul', [input, `${output}.w`], [`${output}.m`]), node('Add', [`${output}.m`, `${output}.b`], [output])];
  };
  const norm = (seed: number, input: string, output: string): Node => {
    constants[`${output}.scale`] = floatConstant(uniform(seed, width, 0.5, 1.5), [width]);
    constants[`${output}.shift`] = floatConstant(uniform(seed + 1, width, -0.3, 0.3), [width]);
    return node('LayerNormalization', [input, `${output}.scale`, `${output}.shift`], [output], { axis: -1, epsilon: float(1e-5) });
  };
  const split = (name: string, perm: readonly number[]): Node[] => [
    node('Reshape', [name, 'apart'], [`${name}.heads`]), node('Transpose', [`${name}.heads`], [`${name}.t`], { perm }),
  ];
  const block = (name: string, seed: number, input: string): Node[] => [
    norm(seed, input, `${name}.n1`),
    ...dense(seed + 2, `${name}.n1`, `${name}.q`, width, width),
    ...dense(seed + 4, `${name}.n1`, `${name}.k`, width, width),
    ...dense(seed + 6, `${name}.n1`, `${name}.v`, width, width),
    ...split(`${name}.q`, [0, 2, 1, 3]), ...split(`${name}.k`, [0, 2, 3, 1]), ...split(`${name}.v`, [0, 2, 1, 3]),
    node('MatMul', [`${name}.q.t`, `${name}.k.t`], [`${name}.s`]),
    node('Mul', [`${name}.s`, 'scale'], [`${name}.scaled`]),
    node('Softmax', [`${name}.scaled`], [`${name}.p`], { axis: -1 }),
    node('MatMul', [`${name}.p`, `${name}.v.t`], [`${name}.mixed`]),
    node('Transpose', [`${name}.mixed`], [`${name}.mixed.t`], { perm: [0, 2, 1, 3] }),
    node('Reshape', [`${name}.mixed.t`, 'joined'], [`${name}.mixed.all`]),
    ...dense(seed + 8, `${name}.mixed.all`, `${name}.o`, width, width),
    node('Add', [input, `${name}.o`], [`${name}.a`]),
    norm(seed + 10, `${name}.a`, `${name}.n2`),
    ...dense(seed + 12, `${name}.n2`, `${name}.up`, width, 2 * width),
    node('Gelu', [`${name}.up`], [`${name}.g`]),
    ...dense(seed + 14, `${name}.g`, `${name}.down`, 2 * width, width),
    node('Add', [`${name}.a`, `${name}.down`], [name]),
  ];
  const nodes = [
    toImage(constants),
    conv(constants, 1, 'image', 'patches', { from: 1, to: width, kernel: 4, stride: 4, pad: 0 }),
    node('Reshape', ['patches', 'rows'], ['flat']),
    node('Transpose', ['flat'], ['embedded'], { perm: [0, 2, 1] }),
    node('Add', ['embedded', 'positions'], ['block0']),
    ...Array.from({ length: depth }, (_, i) => block(`block${i + 1}`, 100 * (i + 1), `block${i}`)).flat(),
    norm(900, `block${depth}`, 'normed'),
    node('ReduceMean', ['normed', 'tokenAxis'], ['mean'], { keepdims: 0 }),
    linear(constants, 910, 'mean', 'logits', [width, 10]),
  ];
  return graphOf({ constants, nodes });
}
