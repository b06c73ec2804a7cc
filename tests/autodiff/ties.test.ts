// Where the maximum of a window is shared, its gradient goes to the first element in reading order, as in PyTorch; in every form.
import { describe, expect, test } from 'vitest';
import { differentiate, differentiatePlain } from '../../lib/autodiff/compile.ts';
import { node } from '../../lib/onnx/node.ts';
import { conv, toImage } from '../models.ts';
import { caseOf, unary } from './cases/case.ts';
import { runnerOf } from './run.ts';
import type { Constant } from '../../lib/onnx/graph.ts';

const compilers = [['plain', differentiatePlain], ['rewritten', differentiate]] as const;

describe.each(compilers)('%s', (_, compile) => {
  type Matrix = readonly (readonly number[])[];
  const pulledBack = async (attributes: Record<string, readonly number[]>, rows: Matrix, cotangent: readonly number[]) => {
    const { graph } = unary('', 'MaxPool', attributes, { x: [1, 1, rows.length, rows[0].length] });
    const gradient = await runnerOf(compile(graph, 1, 'cotangent'));
    const { dx } = await gradient({ x: Float32Array.from(rows.flat()), dLogits: Float32Array.from(cotangent) });
    return rows.map((row, i) => [...dx.subarray(i * row.length, (i + 1) * row.length)]);
  };
  const two = { kernel_shape: [2, 2], strides: [2, 2] };

  test('all equal: the first', async () => {
    expect(await pulledBack(two, [[0, 0], [0, 0]], [5])).toEqual([[5, 0], [0, 0]]);
  });

  test('right of the first row before left of the second', async () => {
    expect(await pulledBack(two, [[0, 1], [1, 0]], [5])).toEqual([[0, 5], [0, 0]]);
  });

  test('left before right in the second row', async () => {
    expect(await pulledBack(two, [[0, 0], [1, 1]], [5])).toEqual([[0, 0], [5, 0]]);
  });

  test('first row before second row in a column', async () => {
    expect(await pulledBack(two, [[0, 1], [0, 1]], [5])).toEqual([[0, 5], [0, 0]]);
  });

  test('wide windows', async () => {
    const three = { kernel_shape: [3, 3], strides: [3, 3] };
    expect(await pulledBack(three, [[0, 0, 0], [0, 7, 7], [7, 7, 7]], [5])).toEqual([[0, 0, 0], [0, 5, 0], [0, 0, 0]]);
  });

  test('overlapping windows add up', async () => {
    expect(await pulledBack({ kernel_shape: [1, 2], strides: [1, 1] }, [[1, 1, 1, 0]], [5, 7, 11])).toEqual([[5, 7, 11, 0]]);
    expect(await pulledBack({ kernel_shape: [1, 2], strides: [1, 1] }, [[0, 1, 0, 0]], [5, 7, 11])).toEqual([[0, 12, 11, 0]]);
  });

  test('a convolution of a blank image, then Relu and pool', async () => {
    const constants: Record<string, Constant> = {};
    const nodes = [
      toImage(constants), conv(constants, 3, 'image', 'c', { from: 1, to: 2, pad: 0 }), node('Abs', ['c'], ['positive']),
      node('MaxPool', ['positive'], ['y'], two),
    ];
    const { graph } = caseOf('', { x: [1, 784], constants, nodes });
    const u = new Float32Array(2 * 13 * 13);
    u[0] = 1;
    const { dx } = await (await runnerOf(compile(graph, 1, 'cotangent')))({ x: new Float32Array(784), dLogits: u });
    const touched = [...dx.keys()].filter((i) => dx[i] !== 0);
    expect(touched).toEqual([0, 1, 2, 28, 29, 30, 56, 57, 58]);
  });
});
