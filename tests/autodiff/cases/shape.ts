// Cases of the rules in rules/shape.ts.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { caseOf, unary, type Attributes, type Case } from './case.ts';

/** y = op(x, integers...); null leaves an input out. */
function shaped(
  name: string, op: string, x: readonly number[], integers: readonly (readonly number[] | null)[], attributes: Attributes = {},
): Case {
  const given = integers.map((values, i) => [values ? `i${i}` : '', values] as const);
  const constants = Object.fromEntries(given.flatMap(([key, values]) => (values ? [[key, int64Constant(values)]] : [])));
  return caseOf(name, { x, constants, nodes: [node(op, ['x', ...given.map(([key]) => key)], ['y'], attributes)] });
}

const pad = (name: string, pads: readonly number[], mode = 'constant', axes: readonly number[] | null = null) =>
  shaped(name, 'Pad', [2, 4, 5], [pads, null, axes], { mode });
const gather = (name: string, dims: readonly number[], indices: readonly number[], axis: number) => {
  const nodes = [node('Gather', ['x', 'indices'], ['y'], { axis })];
  return caseOf(name, { x: [3, 4], constants: { indices: int64Constant(indices, dims) }, nodes });
};

export const Identity = [unary('', 'Identity')];
export const Dropout = [unary('', 'Dropout')];
export const Cast = [unary('to float32', 'Cast', { to: 1 })];
export const CastLike = [
  caseOf('', { x: [2, 3], constants: { c: floatConstant([1], []) }, nodes: [node('CastLike', ['x', 'c'], ['y'])] }),
];
export const Reshape = [
  shaped('with a free axis', 'Reshape', [2, 3, 4], [[4, -1]]),
  shaped('with a copied axis', 'Reshape', [2, 3, 4], [[0, 12]]),
];
export const Flatten = [unary('default', 'Flatten', {}, { x: [2, 3, 2] }), unary('axis', 'Flatten', { axis: -1 }, { x: [2, 3, 2] })];
export const Squeeze = [shaped('axes', 'Squeeze', [2, 1, 3, 1], [[1, -1]]), shaped('all', 'Squeeze', [2, 1, 3, 1], [])];
export const Unsqueeze = [shaped('', 'Unsqueeze', [2, 3], [[0, -1]])];
export const Transpose = [
  unary('reversed', 'Transpose', {}, { x: [2, 3, 4] }),
  unary('cycle', 'Transpose', { perm: [1, 2, 0] }, { x: [2, 3, 4] }),
];
export const Concat = [
  caseOf('with a constant between', {
    x: [2, 3], constants: { c: floatConstant([1, 2], [2, 1]) },
    nodes: [node('Neg', ['x'], ['n']), node('Concat', ['x', 'c', 'n'], ['y'], { axis: -1 })],
  }),
];
export const Split = [
  caseOf('parts used unequally', {
    x: [2, 6], constants: { parts: int64Constant([1, 2, 2, 1]) },
    nodes: [node('Split', ['x', 'parts'], ['p', 'q', 'r', 's'], { axis: 1 }), node('Mul', ['q', 'r'], ['y'])],
  }),
  caseOf('equal parts', {
    x: [4, 3], nodes: [node('Split', ['x'], ['p', 'q'], { axis: 0, num_outputs: 2 }), node('Mul', ['p', 'q'], ['y'])],
  }),
];
export const Slice = [
  shaped('inner', 'Slice', [4, 5], [[1, 0], [3, 4]]),
  shaped('one axis from its end', 'Slice', [4, 5], [[-3], [-1], [1]]),
  shaped('to the end', 'Slice', [4, 5], [[2], [Number.MAX_SAFE_INTEGER], [-1], [1]]),
  shaped('steps', 'Slice', [4, 7], [[0, 1], [4, 7], [0, 1], [2, 3]]),
  shaped('backwards', 'Slice', [4, 5], [[-1, 3], [-10, 0], [1, 0], [-1, -2]]),
];
export const Pad = [
  pad('constant', [0, 1, 2, 1, 0, 3]),
  pad('cropping', [0, -1, 2, 0, 1, -2]),
  pad('some axes', [1, 2], 'constant', [-1]),
  pad('reflect', [0, 2, 1, 0, 3, 4], 'reflect'),
  pad('edge', [0, 2, 1, 0, 3, 4], 'edge'),
  pad('wrap', [0, 2, 1, 0, 3, 4], 'wrap'),
];
export const Gather = [
  gather('one row', [], [2], 0),
  gather('columns, some twice, some from the end', [4], [0, -1, 0, 2], 1),
  gather('matrix of rows', [2, 2], [0, 2, 1, 2], 0),
];
export const Tile = [shaped('', 'Tile', [2, 1, 3], [[1, 3, 2]])];
export const Expand = [shaped('', 'Expand', [3, 1], [[2, 3, 4]])];
