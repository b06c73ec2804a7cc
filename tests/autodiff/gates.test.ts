// The gates of Relu, LeakyRelu and ReLU6 behind a convolution, which keeps its layout, against the definition: not one bit may differ.
import { describe, expect, test } from 'vitest';
import { differentiate } from '../../lib/autodiff/compile.ts';
import { floatConstant } from '../../lib/onnx/constants.ts';
import type { Node } from '../../lib/onnx/graph.ts';
import { node } from '../../lib/onnx/node.ts';
import { uniform } from '../models.ts';
import { caseOf } from './cases/case.ts';
import { runnerOf } from './run.ts';

const channels = 16;
/** Every kind of number that a gate could stumble over. */
const values = [
  0, -0, 1e-45, -1e-45, 1e-40, -1e-40, 1.2e-38, 2e-30, 1e-7, -1e-7, 1, -1, 6, 6.0000005, 5.9999995, 7, 3e38, -3e38, Infinity, -Infinity,
].map(Math.fround);

/** y = activation(x) with x [1,16,4,5] passed through a convolution that changes nothing; an Add as in a residual block where asked. */
async function pulledBack(activation: Node, residual: boolean): Promise<{ dx: Float32Array; dy: Float32Array; x: Float32Array }> {
  const identity = floatConstant(Float32Array.from({ length: channels ** 2 }, (_, i) => Number(i % (channels + 1) === 0)), [channels, channels, 1, 1]);
  const constants = { identity, low: floatConstant([0], []), high: floatConstant([6], []), none: floatConstant(new Float32Array(channels * 20), [1, channels, 4, 5]) };
  const before = residual ? [node('Conv', ['x', 'identity'], ['c']), node('Add', ['c', 'none'], ['h'])] : [node('Conv', ['x', 'identity'], ['h'])];
  const { graph } = caseOf('', { x: [1, channels, 4, 5], constants, nodes: [...before, activation] });
  const x = Float32Array.from({ length: channels * 20 }, (_, i) => (i < 20 ? values[i] : Math.max(0, i % 7) - 3));
  const dy = uniform(3, x.length);
  const { dx } = await (await runnerOf(differentiate(graph, 1, 'cotangent')))({ x, dLogits: dy });
  return { dx, dy, x };
}

describe.each([['behind a convolution', false], ['behind a sum', true]])('%s', (_, residual) => {
  test('Relu lets the gradient through above 0, and nowhere else', async () => {
    const { dx, dy, x } = await pulledBack(node('Relu', ['h'], ['y']), residual);
    // Infinite values meet the convolution's zero weights, and spoil the other channels of their pixel.
    const sound = [...x.keys()].filter((i) => Number.isFinite(x[i % 20]));
    expect(sound.map((i) => dx[i])).toEqual(sound.map((i) => (x[i] > 0 ? dy[i] : 0)));
  });

  test('LeakyRelu lets it through above 0, and its share below', async () => {
    const { dx, dy, x } = await pulledBack(node('LeakyRelu', ['h'], ['y'], { alpha: 0.125 }), residual);
    const sound = [...x.keys()].filter((i) => Number.isFinite(x[i % 20]));
    expect(sound.map((i) => dx[i])).toEqual(sound.map((i) => (x[i] > 0 ? dy[i] : dy[i] / 8)));
  });

  test('ReLU6 lets it through between 0 and 6', async () => {
    const { dx, dy, x } = await pulledBack(node('Clip', ['h', 'low', 'high'], ['y']), residual);
    const sound = [...x.keys()].filter((i) => Number.isFinite(x[i % 20]));
    expect(sound.map((i) => dx[i])).toEqual(sound.map((i) => (x[i] > 0 && x[i] < 6 ? dy[i] : 0)));
  });
});
