// Every shape rule and every folded value against what ONNX Runtime does with the same node.
import ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { encodeGraph } from '../../lib/onnx/codec.ts';
import { numbersOf } from '../../lib/onnx/constants.ts';
import { shapeRules } from '../../lib/onnx/shapes/index.ts';
import { sizeOf } from '../../lib/tensor.ts';
import { uniform } from '../models.ts';
import { build } from './build-case.ts';
import { operatorCases, type Case } from './operator-cases.ts';

function expectSame(found: number, wanted: number): void {
  if (Number.isNaN(wanted)) expect(found).toBeNaN();
  else expect(found).toBeCloseTo(wanted, 6);
}

const cases = Object.entries(operatorCases).flatMap(([op, list]) =>
  (list as readonly Case[]).map((each, index) => [op, index, each] as const),
);

describe('operators against ONNX Runtime', () => {
  test('every rule has cases', () => expect(Object.keys(operatorCases).toSorted()).toEqual(Object.keys(shapeRules).toSorted()));

  test.each(cases)('%s, case %d', async (op, _, each) => {
    const { graph, shapes, open } = build(op, each);
    const session = await ort.InferenceSession.create(encodeGraph(graph), { intraOpNumThreads: 1, graphOptimizationLevel: 'disabled', logSeverityLevel: 4 });
    const feeds = Object.fromEntries(
      open.map(([name, dims], i) => [name, new ort.Tensor('float32', uniform(40 + i, sizeOf(dims), 0.1, 0.9), dims)]),
    );
    const results = await session.run(feeds);
    for (const { name, type, dims } of graph.outputs) {
      const found = results[name];
      expect(found.dims).toEqual(dims);
      expect(found.type).toBe(type);
      const folded = shapes.values.get(name);
      if (folded) numbersOf(folded).forEach((value, i) => expectSame(value, Number(found.data[i])));
    }
    await session.release();
  });

  test('values are folded for the operators that shape arithmetic is made of', () => {
    const folded = cases.filter(([op, , each]) => build(op, each).shapes.values.has('out0')).map(([op]) => op);
    expect(new Set(folded)).toEqual(
      new Set([
        'Abs',
        'Ceil',
        'Floor',
        'Identity',
        'Neg',
        'Not',
        'Reciprocal',
        'Sqrt',
        'Add',
        'Sub',
        'Mul',
        'Div',
        'Mod',
        'Max',
        'Min',
        'And',
        'Or',
        'Xor',
        'Equal',
        'Less',
        'LessOrEqual',
        'Greater',
        'GreaterOrEqual',
        'Pow',
        'Where',
        'Cast',
        'CastLike',
        'ReduceSum',
        'ReduceMax',
        'ReduceMin',
        'ReduceProd',
        'Reshape',
        'Transpose',
        'Squeeze',
        'Unsqueeze',
        'Concat',
        'Split',
        'Slice',
        'Expand',
        'Tile',
        'Gather',
        'Constant',
        'Shape',
        'Size',
        'ConstantOfShape',
        'Range',
      ]),
    );
  });
});
