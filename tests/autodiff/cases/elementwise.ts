// Cases of the rules in rules/elementwise.ts.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { uniform } from '../../models.ts';
import { caseOf, unary, type Case } from './case.ts';

const positive = [0.5, 2] as const;

/** y = op(left half of x, right half of x), then with either operand constant and broadcast. */
function binary(op: string, range: readonly [number, number] = [-2, 2]): Case[] {
  const parts = int64Constant([2, 2]);
  const constant = (dims: number[]) => floatConstant(uniform(5, dims.reduce((a, b) => a * b, 1), ...range), dims);
  return [
    caseOf('both operands', {
      x: [3, 4], range, constants: { parts },
      nodes: [node('Split', ['x', 'parts'], ['a', 'b'], { axis: 1 }), node(op, ['a', 'b'], ['y'])],
    }),
    caseOf('left repeated', { x: [3, 1], range, constants: { c: constant([2, 3, 4]) }, nodes: [node(op, ['x', 'c'], ['y'])] }),
    caseOf('right repeated', { x: [4], range, constants: { c: constant([2, 3, 4]) }, nodes: [node(op, ['c', 'x'], ['y'])] }),
    caseOf('scalar constant', { x: [3, 4], range, constants: { c: constant([]) }, nodes: [node(op, ['x', 'c'], ['y'])] }),
  ];
}

function variadic(op: string): Case[] {
  const parts = int64Constant([2, 2, 2]);
  const c = floatConstant(uniform(6, 6), [3, 2]);
  return [
    caseOf('four operands, one constant', {
      x: [3, 6], constants: { parts, c },
      nodes: [node('Split', ['x', 'parts'], ['p', 'q', 'r'], { axis: 1 }), node(op, ['p', 'c', 'q', 'r'], ['y'])],
    }),
    caseOf('one operand', { x: [5], nodes: [node(op, ['x'], ['y'])] }),
  ];
}

const twice = (op: string) => caseOf('the same operand twice', { x: [2, 3], nodes: [node(op, ['x', 'x'], ['y'])] });
const exponent = (values: readonly number[]) => ({ p: floatConstant(values, values.length === 1 ? [] : [values.length]) });
const power = (name: string, values: readonly number[], range: readonly [number, number]) =>
  caseOf(name, { x: [3, 4], range, constants: exponent(values), nodes: [node('Pow', ['x', 'p'], ['y'])] });

export const Add = [...binary('Add'), twice('Add')];
export const Sub = binary('Sub');
export const Mul = [...binary('Mul'), twice('Mul')];
export const Div = binary('Div', positive);
export const Max = [...binary('Max'), ...variadic('Max')];
export const Min = [...binary('Min'), ...variadic('Min')];
export const Sum = variadic('Sum');
export const Mean = variadic('Mean');
export const Neg = [unary('', 'Neg')];
export const Abs = [unary('', 'Abs')];
export const Reciprocal = [unary('', 'Reciprocal', {}, { range: positive })];
export const Sqrt = [unary('', 'Sqrt', {}, { range: positive })];
export const Exp = [unary('', 'Exp')];
export const Log = [unary('', 'Log', {}, { range: positive })];
export const Sin = [unary('', 'Sin')];
export const Cos = [unary('', 'Cos')];
const inner = { range: [-0.9, 0.9] as const };
export const Tan = [unary('', 'Tan', {}, inner)];
export const Asin = [unary('', 'Asin', {}, inner)];
export const Acos = [unary('', 'Acos', {}, inner)];
export const Atan = [unary('', 'Atan')];
export const Sinh = [unary('', 'Sinh')];
export const Cosh = [unary('', 'Cosh')];
export const Asinh = [unary('', 'Asinh')];
export const Acosh = [unary('', 'Acosh', {}, { range: [1.2, 3] })];
export const Atanh = [unary('', 'Atanh', {}, inner)];
export const Erf = [unary('', 'Erf')];
export const Pow = [
  power('square of either sign', [2], [-2, 2]),
  power('cube', [3], [-2, 2]),
  power('root', [0.5], positive),
  power('exponents by column, one of them 0', [0, 1, 2, -1.5], positive),
  caseOf('integer exponent', { x: [5], constants: { p: int64Constant([3], []) }, nodes: [node('Pow', ['x', 'p'], ['y'])] }),
];
export const Where = [
  caseOf('operands repeated', {
    x: [3, 4],
    constants: { zero: floatConstant([0], []), c: floatConstant(uniform(7, 8), [2, 1, 4]), shift: floatConstant([1, 2, 3, 4], [4]) },
    nodes: [
      node('Greater', ['c', 'zero'], ['condition']),
      node('Mul', ['x', 'shift'], ['scaled']),
      node('Where', ['condition', 'x', 'scaled'], ['y']),
    ],
  }),
  caseOf('condition from x', {
    x: [3, 4], constants: { zero: floatConstant([0], []) },
    nodes: [node('Greater', ['x', 'zero'], ['condition']), node('Where', ['condition', 'x', 'zero'], ['y'])],
  }),
];
