// What the bench runs: the baselines, and the two networks of the engine's first measurements, with seeded weights.
import { baselines, readBaseline } from '../../lib/baselines/index.ts';
import { readUpload } from '../../lib/formats/read.ts';
import { parseOnnx } from '../../lib/onnx/codec.ts';
import type { Constant, Graph, Model, Node } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { batchNorm, conv, graphOf, linear, modelOf, toImage } from '../models.ts';

export type Subject = {
  name: string;
  /** What the engine opens. */
  model: Model;
  /** The graph before intake touched it, for PyTorch to run as its author wrote it. */
  original: Graph;
};

const pool = { kernel_shape: [2, 2], strides: [2, 2] };

/** conv 32, pool, conv 64, pool, dense 128: 8.5 MFLOP forward. */
function cnn(): Graph {
  const constants: Record<string, Constant> = {};
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

/** Stem and six residual blocks of 16, 32 and 64 channels with batch norms: 40 MFLOP forward. */
function resnet(): Graph {
  const constants: Record<string, Constant> = {};
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
    node('GlobalAveragePool', ['six'], ['g']),
    node('Flatten', ['g'], ['f'], { axis: 1 }),
    linear(constants, 70, 'f', 'logits', [64, 10]),
  ];
  return graphOf({ constants, nodes });
}

/** All subjects; the adversarially trained twin is left out, since it costs what the reference CNN costs. */
export async function subjects(): Promise<Subject[]> {
  const found: Subject[] = [];
  for (const { file, name } of baselines) {
    if (file === 'reference-cnn-adversarial.onnx') continue;
    const bytes = await readBaseline(file);
    found.push({ name, model: await readUpload([{ name: file, bytes }]), original: parseOnnx(bytes).graph });
  }
  for (const [name, graph] of [['CNN 32-64', cnn()], ['ResNet 16-32-64', resnet()]] as const) {
    found.push({ name, model: modelOf(graph, { layout: 'N,1,28,28' }), original: graph });
  }
  return found;
}
