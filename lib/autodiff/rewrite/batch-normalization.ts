// Folds BatchNormalization into the weights of the Conv or Gemm before it, so that neither direction computes it.
import { floatConstant, floatsOf } from '../../onnx/constants.ts';
import type { Constant, Graph, Node } from '../../onnx/graph.ts';
import { float, int, number, withAttributes } from '../../onnx/node.ts';
import { sizeOf } from '../../tensor.ts';
import { Edits, linksOf, type Pass } from './pass.ts';

type Affine = { factor: Float64Array; shift: Float64Array };

export const foldBatchNormalization: Pass = (graph) => {
  const links = linksOf(graph);
  const edits = new Edits(graph);
  for (const norm of graph.nodes) {
    if (norm.op !== 'BatchNormalization' || int(norm, 'training_mode', 0) !== 0) continue;
    const linear = links.maker(norm.inputs[0]);
    const affine = affineOf(norm, graph);
    if (!linear || edits.touches(linear) || !affine || links.onlyReader(norm.inputs[0]) !== norm) continue;
    const folded = foldedInto(linear, affine, graph, norm.outputs[0], edits);
    if (!folded) continue;
    edits.replace(linear, []);
    edits.replace(norm, [folded]);
  }
  return edits.applied();
};

/** y = factor x + shift per channel, or null where a statistic is not constant. */
function affineOf(norm: Node, graph: Graph): Affine | null {
  const constants = norm.inputs.slice(1).map((name) => graph.constants.get(name));
  if (constants.some((constant) => constant?.type !== 'float32')) return null;
  const [scale, shift, mean, variance] = constants.map((constant) => floatsOf(constant!));
  const epsilon = number(norm, 'epsilon', 1e-5);
  const factor = Float64Array.from(scale, (value, c) => value / Math.sqrt(variance[c] + epsilon));
  return { factor, shift: Float64Array.from(shift, (value, c) => value - mean[c] * factor[c]) };
}

/** The linear node with the affine map in its weights; null where it is of another kind or its weights are not constant. */
function foldedInto(linear: Node, { factor, shift }: Affine, graph: Graph, output: string, edits: Edits): Node | null {
  const [x, w, b] = linear.inputs;
  const weights = graph.constants.get(w);
  const bias = b ? graph.constants.get(b) : null;
  if (weights?.type !== 'float32' || bias === undefined) return null;
  const channels = factor.length;
  const channelOf = channelOfWeight(linear, weights, channels);
  if (!channelOf || (bias && (bias.type !== 'float32' || sizeOf(bias.dims) !== channels || bias.dims.at(-1) !== channels))) return null;
  const beta = linear.op === 'Gemm' ? number(linear, 'beta', 1) : 1;
  const old = bias ? floatsOf(bias) : new Float32Array(channels);
  const newWeights = floatsOf(weights).map((value, i) => value * factor[channelOf(i)]);
  const newBias = old.map((value, c) => beta * value * factor[c] + shift[c]);
  const inputs = [
    x,
    edits.define(`${output}/weights`, floatConstant(newWeights, weights.dims)),
    edits.define(`${output}/bias`, floatConstant(newBias, [channels])),
  ];
  const plain = linear.op === 'Gemm' ? withAttributes(linear, { set: { beta: float(1) } }) : linear;
  return { ...plain, inputs, outputs: [output] };
}

/** Which output channel an element of the weights belongs to. */
function channelOfWeight(linear: Node, { dims }: Constant, channels: number): ((index: number) => number) | null {
  const byRow = (rows: number) => (index: number) => Math.floor(index / (sizeOf(dims) / rows));
  if (linear.domain !== '') return null;
  if (linear.op === 'Conv') return byRow(channels);
  if (linear.op !== 'Gemm') return null;
  return int(linear, 'transB', 0) ? byRow(channels) : (index) => index % channels;
}
