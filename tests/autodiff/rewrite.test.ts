// Every rewrite pass against the graph it started from: same outputs, same gradients, up to rounding.
import { describe, expect, test } from 'vitest';
import { differentiatePlain } from '../../lib/autodiff/compile.ts';
import { passes, rewrite } from '../../lib/autodiff/rewrite/index.ts';
import type { Graph } from '../../lib/onnx/graph.ts';
import { inferShapes } from '../../lib/onnx/shapes.ts';
import { cnnModel, uniform } from '../models.ts';
import * as cases from './cases/rewrites.ts';
import { unary } from './cases/case.ts';
import { relativeError, runnerOf } from './run.ts';

const batch = 3;
const table: Record<keyof typeof passes, readonly Graph[]> = cases;
const sizeOf = (dims: readonly (number | null)[]) => dims.reduce<number>((size, dimension) => size * dimension!, 1);

/** Output and pulled back cotangent of a graph, at a given x. */
async function both(graph: Graph, x: Float32Array) {
  const compiled = differentiatePlain(graph, batch, 'cotangent');
  const [output] = compiled.outputs;
  const result = await (await runnerOf(compiled))({ x, dLogits: uniform(2, sizeOf(output.dims)) });
  return { y: result[output.name], dx: result.dx };
}

/** Pixels as FashionMNIST has them: few levels, and large areas of zeros, so that many windows hold ties. */
function flatImages(count: number): Float32Array {
  return uniform(4, count, -4, 4).map((value) => Math.max(0, Math.floor(value)) / 4);
}

describe.each(Object.entries(passes))('%s', (name, pass) => {
  const graphs = table[name as keyof typeof passes] ?? [];

  test('has a case', () => {
    expect(graphs.length, `Add a graph that ${name} changes to tests/autodiff/cases/rewrites.ts.`).toBeGreaterThan(0);
  });

  test.each(graphs.map((graph, i) => [i, graph] as const))('leaves graph %i equal', async (_, graph) => {
    const rewritten = pass(graph, inferShapes(graph, batch));
    expect(rewritten.nodes).not.toEqual(graph.nodes);
    const count = sizeOf([batch, ...graph.inputs[0].dims.slice(1)]);
    for (const x of [uniform(1, count, 0, 1), flatImages(count)]) {
      const [wanted, found] = [await both(graph, x), await both(rewritten, x)];
      expect(relativeError(found.y, wanted.y)).toBeLessThan(1e-6);
      expect(relativeError(found.dx, wanted.dx)).toBeLessThan(1e-6);
    }
  });
});

test('a student network ends without batch norms, pools or transpositions before its dense layer', async () => {
  const { graph } = cnnModel(5, 8);
  const operators = rewrite(graph, batch).nodes.map(({ op }) => op);
  expect(operators).not.toContain('BatchNormalization');
  expect(operators).not.toContain('MaxPool');
  const last = operators.slice(operators.lastIndexOf('Max'));
  expect(last).toEqual(['Max', 'Reshape', 'LeakyRelu', 'Reshape', 'Gemm']);
});

test.each([
  ['overlapping', { kernel_shape: [3, 3], strides: [2, 2] }],
  ['padded', { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1] }],
  ['reaching over the edge', { kernel_shape: [3, 3], strides: [3, 3], ceil_mode: 1 }],
  ['dilated', { kernel_shape: [2, 2], strides: [2, 2], dilations: [2, 2] }],
  ['large', { kernel_shape: [7, 7], strides: [7, 7] }],
])('a pool with %s windows stays a pool', (_, attributes) => {
  const { graph } = unary('', 'MaxPool', attributes, { x: [3, 2, 14, 14] });
  expect(rewrite(graph, batch).nodes.map(({ op }) => op)).toEqual(['MaxPool']);
});
