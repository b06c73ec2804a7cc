// Cases of the operators in rules/zero.ts: y = x (1 + f) with their output f, so that dy/dx = 1 + f and f adds nothing.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import type { Node } from '../../../lib/onnx/graph.ts';
import { node } from '../../../lib/onnx/node.ts';
import { caseOf, type Attributes, type Case } from './case.ts';

const constants = {
  threshold: floatConstant([0.21], []),
  other: floatConstant([-0.5], []),
  two: int64Constant([2], []),
  one: floatConstant([1], []),
  four: int64Constant([4], []),
  offOn: floatConstant([0, 2], [2]),
};

function factor(nodes: readonly Node[]): Case[] {
  const product = [node('Cast', ['f'], ['g'], { to: 1 }), node('Add', ['g', 'one'], ['factor']), node('Mul', ['x', 'factor'], ['y'])];
  return [caseOf('as a factor', { x: [2, 3, 4], constants, nodes: [...nodes, ...product] })];
}

const one = (op: string, attributes: Attributes = {}) => factor([node(op, ['x'], ['f'], attributes)]);
const two = (op: string) => factor([node(op, ['x', 'threshold'], ['f'])]);
const logic = (op: string) =>
  factor([node('Greater', ['x', 'threshold'], ['p']), node('Less', ['x', 'other'], ['q']), node(op, ['p', 'q'], ['f'])]);

export const Sign = one('Sign');
export const Floor = one('Floor');
export const Ceil = one('Ceil');
export const Round = one('Round');
export const Greater = two('Greater');
export const GreaterOrEqual = two('GreaterOrEqual');
export const Less = two('Less');
export const LessOrEqual = two('LessOrEqual');
export const Equal = two('Equal');
export const And = logic('And');
export const Or = logic('Or');
export const Xor = logic('Xor');
export const Not = factor([node('Greater', ['x', 'threshold'], ['p']), node('Not', ['p'], ['f'])]);
export const IsNaN = one('IsNaN');
export const IsInf = one('IsInf');
export const ArgMax = one('ArgMax', { axis: 2 });
export const ArgMin = one('ArgMin', { axis: 2 });
export const Hardmax = one('Hardmax');
export const OneHot = factor([
  node('ArgMax', ['x'], ['at'], { axis: 2, keepdims: 0 }),
  node('OneHot', ['at', 'four', 'offOn'], ['f']),
]);
export const Shape = factor([node('Shape', ['x'], ['dims']), node('Gather', ['dims', 'two'], ['f'])]);
export const Size = one('Size');
export const ConstantOfShape = factor([
  node('Shape', ['x'], ['dims']),
  node('ConstantOfShape', ['dims'], ['f'], { value: floatConstant([3], [1]) }),
]);
