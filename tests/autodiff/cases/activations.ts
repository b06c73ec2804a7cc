// Cases of the rules in rules/activations.ts.
import { floatConstant } from '../../../lib/onnx/constants.ts';
import { float, node } from '../../../lib/onnx/node.ts';
import { caseOf, unary } from './case.ts';

const wide = { range: [-5, 5] as const, x: [4, 10] };
const bound = (value: number) => floatConstant([value], []);

export const Relu = [unary('', 'Relu')];
export const LeakyRelu = [unary('default', 'LeakyRelu'), unary('alpha', 'LeakyRelu', { alpha: float(0.3) })];
export const PRelu = [
  caseOf('slope by channel', {
    x: [2, 3, 2, 2], constants: { slope: floatConstant([0.1, -0.5, 2], [3, 1, 1]) }, nodes: [node('PRelu', ['x', 'slope'], ['y'])],
  }),
];
export const ThresholdedRelu = [unary('default', 'ThresholdedRelu'), unary('alpha', 'ThresholdedRelu', { alpha: float(0.4) })];
export const Shrink = [unary('', 'Shrink', { lambd: float(0.8), bias: float(0.3) })];
export const Elu = [unary('default', 'Elu'), unary('alpha', 'Elu', { alpha: float(2) })];
export const Celu = [unary('default', 'Celu'), unary('alpha', 'Celu', { alpha: float(2) })];
export const Selu = [unary('default', 'Selu'), unary('parameters', 'Selu', { alpha: float(1.2), gamma: float(0.7) })];
export const Sigmoid = [unary('', 'Sigmoid')];
export const Tanh = [unary('', 'Tanh')];
export const Softsign = [unary('', 'Softsign')];
export const Softplus = [unary('', 'Softplus', {}, wide)];
export const Mish = [unary('', 'Mish', {}, wide)];
export const HardSigmoid = [
  unary('default', 'HardSigmoid', {}, wide),
  unary('parameters', 'HardSigmoid', { alpha: float(0.3), beta: float(0.4) }, wide),
];
export const HardSwish = [unary('', 'HardSwish', {}, wide)];
export const Gelu = [unary('exact', 'Gelu', {}, wide), unary('tanh', 'Gelu', { approximate: 'tanh' }, wide)];
export const Clip = [
  caseOf('both bounds', {
    x: [3, 5], constants: { low: bound(-0.8), high: bound(1.1) }, nodes: [node('Clip', ['x', 'low', 'high'], ['y'])],
  }),
  caseOf('upper bound', { x: [3, 5], constants: { high: bound(0.5) }, nodes: [node('Clip', ['x', '', 'high'], ['y'])] }),
  caseOf('lower bound', { x: [3, 5], constants: { low: bound(0.5) }, nodes: [node('Clip', ['x', 'low'], ['y'])] }),
  caseOf('no bound', { x: [3, 5], nodes: [node('Clip', ['x'], ['y'])] }),
  caseOf('ReLU6', {
    x: [3, 5], constants: { four: bound(4), low: bound(0), high: bound(6) },
    nodes: [node('Mul', ['x', 'four'], ['far']), node('Clip', ['far', 'low', 'high'], ['y'])],
  }),
];
export const Softmax = [
  unary('last axis', 'Softmax'),
  unary('first axis', 'Softmax', { axis: 0 }),
  unary('middle axis', 'Softmax', { axis: -2 }, { x: [2, 3, 4] }),
];
export const LogSoftmax = [unary('last axis', 'LogSoftmax'), unary('middle axis', 'LogSoftmax', { axis: 1 }, { x: [2, 3, 4] })];
