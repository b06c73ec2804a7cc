// Cases of the rules in rules/indexing.ts.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { uniform } from '../../models.ts';
import { caseOf, type Attributes, type Case } from './case.ts';

type Numbers = readonly number[];

const read = (name: string, op: string, x: Numbers, indices: Numbers, dims: Numbers, attributes: Attributes = {}) =>
  caseOf(name, { x, constants: { i: int64Constant(indices, dims) }, nodes: [node(op, ['x', 'i'], ['y'], attributes)] });

export const GatherElements = [
  read('repeated', 'GatherElements', [2, 3], [0, 2, 2, 1, -1, 0], [2, 3], { axis: 1 }),
  caseOf('computed indices', {
    x: [2, 4], nodes: [node('ArgMax', ['x'], ['i'], { axis: 1 }), node('GatherElements', ['x', 'i'], ['y'], { axis: 1 })],
  }),
];
export const GatherND = [read('rows twice', 'GatherND', [3, 2, 2], [0, 1, 2, 0, 0, 1], [3, 2])];

const top = (name: string, attributes: Attributes) =>
  caseOf(name, { x: [3, 5], constants: { k: int64Constant([2]) }, nodes: [node('TopK', ['x', 'k'], ['y', 'i'], attributes)] });
export const TopK = [top('largest', {}), top('smallest of a column', { axis: 0, largest: 0 })];

function written(op: string, indices: number[], dims: number[], updates: number[], attributes: Attributes): Case[] {
  const u = floatConstant(uniform(9, updates.reduce((a, b) => a * b, 1)), updates);
  const constants = { i: int64Constant(indices, dims), u };
  return [
    caseOf('into x', { x: [3, 4], constants, nodes: [node(op, ['x', 'i', 'u'], ['y'], attributes)] }),
    caseOf('added', { x: [3, 4], constants, nodes: [node(op, ['x', 'i', 'u'], ['y'], { ...attributes, reduction: 'add' })] }),
    caseOf('from x', {
      x: updates, constants: { ...constants, d: floatConstant(uniform(10, 12), [3, 4]) },
      nodes: [node(op, ['d', 'i', 'x'], ['y'], attributes)],
    }),
  ];
}
export const ScatterElements = written('ScatterElements', [0, 2, 1, 3], [2, 2], [2, 2], { axis: 1 });
export const ScatterND = written('ScatterND', [2, 0], [2, 1], [2, 4], {});
