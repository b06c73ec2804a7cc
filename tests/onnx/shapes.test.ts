import { describe, expect, test } from 'vitest';
import { floatConstant, int64Constant, integersOf } from '../../lib/onnx/constants.ts';
import { costOf } from '../../lib/onnx/cost.ts';
import { node } from '../../lib/onnx/node.ts';
import { inferShapes } from '../../lib/onnx/shapes.ts';
import { cnnModel, graphOf, linearModel, mlpModel, resnetModel } from '../models.ts';

describe('shapes of whole models', () => {
  test.each([linearModel(), mlpModel(), cnnModel(), resnetModel()])('model %# gives [batch, 10]', ({ graph }) => {
    for (const batch of [1, 7]) expect(inferShapes(graph, batch).dims.get('logits')).toEqual([batch, 10]);
  });

  test('a view computed from Shape, Gather and Concat folds to a constant', () => {
    const graph = graphOf({
      inputs: [['x', [null, 4, 3, 3]]],
      constants: { zero: int64Constant([0], []), minusOne: int64Constant([-1]) },
      nodes: [
        node('Shape', ['x'], ['shape']),
        node('Gather', ['shape', 'zero'], ['batch'], { axis: 0 }),
        node('Unsqueeze', ['batch', 'zeroes'], ['batch1']),
        node('Concat', ['batch1', 'minusOne'], ['target'], { axis: 0 }),
        node('Reshape', ['x', 'target'], ['logits']),
      ],
    });
    const constants = new Map(graph.constants).set('zeroes', int64Constant([0]));
    const shapes = inferShapes({ ...graph, constants }, 5);
    expect(integersOf(shapes.values.get('target')!)).toEqual([5, -1]);
    expect(shapes.dims.get('logits')).toEqual([5, 36]);
  });
});

describe('cost', () => {
  test('a linear model', () => {
    expect(costOf(linearModel().graph)).toEqual({ parameters: 7850, flopsPerImage: 2 * 7840 });
  });

  test('a convolution counts two per multiply-add', () => {
    const graph = graphOf({
      inputs: [['x', [null, 2, 5, 5]]],
      constants: { w: floatConstant(new Float32Array(3 * 2 * 9), [3, 2, 3, 3]) },
      nodes: [node('Conv', ['x', 'w'], ['logits'])],
    });
    expect(costOf(graph)).toEqual({ parameters: 54, flopsPerImage: 2 * 54 * 9 });
  });
});

describe('misfits', () => {
  test('name the node, what was found and what is wanted', () => {
    const graph = graphOf({ constants: { w: floatConstant([1, 2], [1, 2]) }, nodes: [node('MatMul', ['x', 'w'], ['logits'])] });
    expect(() => inferShapes(graph, 3)).toThrow(
      'MatMul "MatMul_logits": found inputs float32 [3,784], float32 [1,2]; wanted inner sizes that agree',
    );
  });

  test('a batch normalisation of what has no channels says so', () => {
    const constants = { four: floatConstant([1, 1, 1, 1], [4]) };
    const graph = graphOf({ constants, nodes: [node('BatchNormalization', ['four', 'four', 'four', 'four', 'four'], ['logits'])] });
    expect(() => inferShapes(graph, 1)).toThrow(/; wanted an input \[N, C, \.\.\.\] with channels\.$/);
  });

  test.each(['Frobnicate', 'constructor', 'toString'])('operator %s is unknown, and the error lists what exists', (op) => {
    const graph = graphOf({ nodes: [node(op, ['x'], ['logits'])] });
    expect(() => inferShapes(graph, 1)).toThrow(/does not know this operator. It knows Abs, .*Xor/);
  });
});
