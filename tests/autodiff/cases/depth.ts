// Cases of the rules in rules/depth.ts.
import { int64Constant } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { caseOf, unary, type Attributes } from './case.ts';

const deep = { x: [1, 8, 2, 3] };
export const DepthToSpace = [
  unary('DCR', 'DepthToSpace', { blocksize: 2 }, deep),
  unary('CRD', 'DepthToSpace', { blocksize: 2, mode: 'CRD' }, deep),
];
export const SpaceToDepth = [unary('', 'SpaceToDepth', { blocksize: 2 }, { x: [1, 2, 4, 6] })];

const sum = (name: string, attributes: Attributes) =>
  caseOf(name, { x: [3, 4], constants: { axis: int64Constant([1], []) }, nodes: [node('CumSum', ['x', 'axis'], ['y'], attributes)] });
export const CumSum = [sum('plain', {}), sum('reverse', { reverse: 1 }), sum('exclusive', { exclusive: 1 })];

export const Trilu = [
  unary('upper', 'Trilu', {}, { x: [3, 4] }),
  caseOf('lower, shifted', {
    x: [3, 4], constants: { k: int64Constant([1], []) }, nodes: [node('Trilu', ['x', 'k'], ['y'], { upper: 0 })],
  }),
];
