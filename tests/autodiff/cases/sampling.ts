// Cases of the rules in rules/sampling.ts.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { uniform } from '../../models.ts';
import { caseOf, type Attributes, type Case } from './case.ts';

const image = floatConstant(uniform(12, 2 * 3 * 4 * 5), [2, 3, 4, 5]);
const grid = floatConstant(uniform(13, 2 * 3 * 3 * 2, -1.3, 1.3), [2, 3, 3, 2]);

const ofImage = (name: string, attributes: Attributes): Case =>
  caseOf(name, { x: [2, 3, 4, 5], constants: { grid }, nodes: [node('GridSample', ['x', 'grid'], ['y'], attributes)] });
const ofGrid = (name: string, attributes: Attributes): Case =>
  caseOf(name, {
    x: [2, 3, 3, 2], range: [-1.3, 1.3], constants: { image }, nodes: [node('GridSample', ['image', 'x'], ['y'], attributes)],
  });

export const GridSample = [
  ofImage('image', {}),
  ofImage('image, corners aligned, border', { align_corners: 1, padding_mode: 'border' }),
  ofImage('image, nearest', { mode: 'nearest' }),
  ofGrid('grid', {}),
  ofGrid('grid, corners aligned', { align_corners: 1 }),
  ofGrid('grid, border', { padding_mode: 'border' }),
];

const affine = (name: string, attributes: Attributes): Case =>
  caseOf(name, {
    x: [2, 2, 3], constants: { size: int64Constant([2, 1, 4, 3]) }, nodes: [node('AffineGrid', ['x', 'size'], ['y'], attributes)],
  });
export const AffineGrid = [affine('half pixels', {}), affine('corners aligned', { align_corners: 1 })];
