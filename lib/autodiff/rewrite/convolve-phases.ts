// Turns a Conv of few input channels and the MaxPool behind it into one strided Conv that makes every element of a pooling
// window as a channel of its own, so that pooling is a maximum over channels.
import { Builder } from '../builder.ts';
import { floatsOf } from '../../onnx/constants.ts';
import { windowsOf } from '../../onnx/geometry.ts';
import type { Constant, Graph, Node } from '../../onnx/graph.ts';
import { int } from '../../onnx/node.ts';
import { maximumOf } from './maximum.ts';
import { Edits, linksOf, type Pass } from './pass.ts';
import { tilingOf, type Tiling } from './window.ts';

/** The widened kernel costs more multiplications, which only a layer bound by memory gives away for free: an image's first. */
const fewChannels = 4;
/** How many times the multiplications may become; 3x3 with a 2x2 window takes 1.8 times. */
const largestGrowth = 2.5;

export const convolvePhases: Pass = (graph, { dims, values }) => {
  const links = linksOf(graph);
  const edits = new Edits(graph);
  const b = new Builder(dims, values);
  for (const pool of graph.nodes) {
    const conv = links.maker(pool.inputs[0]);
    if (conv?.op !== 'Conv' || conv.domain !== '' || links.onlyReader(conv.outputs[0]) !== pool) continue;
    const tiling = tilingOf(pool, dims.get(conv.outputs[0])!);
    const weights = graph.constants.get(conv.inputs[1]);
    if (!tiling || weights?.type !== 'float32' || weights.dims.length !== 4 || weights.dims[1] > fewChannels) continue;
    const nodes = phases(b, graph, conv, weights, tiling, pool.outputs[0]);
    if (!nodes) continue;
    edits.replace(conv, []);
    edits.replace(pool, nodes);
  }
  return edits.applied(b.constants);
};

/** The nodes in the place of Conv and MaxPool, the last of which makes `name`; null where the Conv is of another kind. */
function phases(b: Builder, graph: Graph, conv: Node, weights: Constant, tiling: Tiling, name: string): Node[] | null {
  const { kernel: [high, wide], output } = tiling;
  const [x, , bias] = conv.inputs;
  const [batch, , ...space] = b.dims(x);
  const { strides, dilations, padsBegin, padsEnd } = windowsOf(conv, space, weights.dims.slice(2));
  const biases = bias ? graph.constants.get(bias) : undefined;
  if (int(conv, 'group', 1) !== 1 || [...strides, ...dilations].some((size) => size !== 1)) return null;
  if (bias && biases?.type !== 'float32') return null;
  const [kernelHigh, kernelWide] = weights.dims.slice(2);
  if ((kernelHigh + high - 1) * (kernelWide + wide - 1) > largestGrowth * kernelHigh * kernelWide) return null;
  const channels = weights.dims[0];
  const widened = widenedKernel(weights, high, wide);
  const inputs = [x, b.float(widened.data, widened.dims)];
  if (biases) inputs.push(b.float(repeated(floatsOf(biases), high * wide)));
  const attributes = { kernel_shape: widened.dims.slice(2), strides: [high, wide], pads: [...padsBegin, ...padsEnd] };
  const all = b.node('Conv', inputs, [batch, high * wide * channels, ...output], attributes);
  const parts = b.split(all, 1, Array.from({ length: high * wide }, () => channels));
  const rows = Array.from({ length: high }, (_, row) => maximumOf(b, parts.slice(row * wide, (row + 1) * wide)));
  return b.taken(maximumOf(b, rows), name);
}

/**
 * For each phase (r, c) of the window, row-major, the kernel shifted by r rows and c columns:
 * [phases x O, I, kh + high - 1, kw + wide - 1].
 */
function widenedKernel(weights: Constant, high: number, wide: number): { data: Float32Array; dims: number[] } {
  const [outputs, inputs, kernelHigh, kernelWide] = weights.dims;
  const [newHigh, newWide] = [kernelHigh + high - 1, kernelWide + wide - 1];
  const old = floatsOf(weights);
  const dims = [high * wide * outputs, inputs, newHigh, newWide];
  const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
  for (let phase = 0; phase < high * wide; phase++) {
    const [r, c] = [Math.floor(phase / wide), phase % wide];
    for (let plane = 0; plane < outputs * inputs; plane++) {
      for (let i = 0; i < kernelHigh; i++) {
        const from = (plane * kernelHigh + i) * kernelWide;
        const to = ((phase * outputs * inputs + plane) * newHigh + i + r) * newWide + c;
        data.set(old.subarray(from, from + kernelWide), to);
      }
    }
  }
  return { data, dims };
}

function repeated(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) all.set(values, i * values.length);
  return all;
}
