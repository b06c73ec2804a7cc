// Shape rules of operators that work element by element, with broadcasting where they take several inputs.
import { elementTypes, type ElementType } from '../graph.ts';
import { int } from '../node.ts';
import { broadcast, input, misfit, type ShapeRule } from './call.ts';

const same: ShapeRule = (call) => {
  const { dims, type } = input(call);
  return [{ dims, type }];
};

const combined = (result?: ElementType): ShapeRule => (call) => {
  const values = call.inputs.map((_, index) => input(call, index));
  const dims = broadcast(...values.map((value) => value.dims));
  if (!dims) throw misfit(call, 'shapes that broadcast together');
  if (values.some((value) => value.type !== values[0].type)) throw misfit(call, 'inputs of one type');
  return [{ dims, type: result ?? values[0].type }];
};

const paired = (rule: ShapeRule): ShapeRule => (call) => {
  if (call.inputs.length !== 2) throw misfit(call, 'two inputs');
  return rule(call);
};

const several = combined();
const arithmetic = paired(several);
const comparison = paired(combined('bool'));

export const Abs = same, Acos = same, Acosh = same, Asin = same, Asinh = same, Atan = same, Atanh = same, Ceil = same, Celu = same;
export const Cos = same, Cosh = same, Elu = same, Erf = same, Exp = same, Floor = same, Gelu = same, HardSigmoid = same, HardSwish = same;
export const Hardmax = same, Identity = same, LeakyRelu = same, Log = same, LogSoftmax = same, Mish = same, Neg = same, Not = same;
export const Reciprocal = same, Relu = same, Round = same, Selu = same, Shrink = same, Sigmoid = same, Sign = same, Sin = same, Sinh = same;
export const Softmax = same, Softplus = same, Softsign = same, Sqrt = same, Tan = same, Tanh = same, ThresholdedRelu = same;
export const LRN = same, LpNormalization = same, MeanVarianceNormalization = same, CumSum = same, Trilu = same;

export const Add = arithmetic, Sub = arithmetic, Mul = arithmetic, Div = arithmetic, Mod = arithmetic;
export const Max = several, Min = several, Sum = several, Mean = several;
export const And = comparison, Or = comparison, Xor = comparison;
export const Equal = comparison, Less = comparison, LessOrEqual = comparison, Greater = comparison, GreaterOrEqual = comparison;

/** The exponent may be of another type than the base. */
export const Pow: ShapeRule = (call) => {
  const [base, exponent] = [input(call, 0), input(call, 1)];
  const dims = broadcast(base.dims, exponent.dims);
  if (!dims) throw misfit(call, 'shapes that broadcast together');
  return [{ dims, type: base.type }];
};

/** The slope broadcasts to the input, never the other way round. */
export const PRelu: ShapeRule = (call) => {
  const [x, slope] = [input(call, 0), input(call, 1)];
  if (String(broadcast(x.dims, slope.dims)) !== String(x.dims)) throw misfit(call, 'a slope that broadcasts to the input');
  return [{ dims: x.dims, type: x.type }];
};

export const Clip: ShapeRule = (call) => {
  const { dims, type } = input(call);
  const scalars = call.inputs.slice(1).every((bound) => !bound || bound.dims.length === 0 || String(bound.dims) === '1');
  if (!scalars) throw misfit(call, 'scalar bounds');
  return [{ dims, type }];
};

export const Where: ShapeRule = (call) => {
  const [condition, a, b] = [input(call, 0), input(call, 1), input(call, 2)];
  const dims = broadcast(condition.dims, a.dims, b.dims);
  if (!dims || condition.type !== 'bool' || a.type !== b.type) {
    throw misfit(call, 'a bool condition and two tensors of one type that broadcast');
  }
  return [{ dims, type: a.type }];
};

export const Cast: ShapeRule = (call) => {
  const type = elementTypes[int(call.node, 'to', 0) - 1];
  if (!type) throw misfit(call, `an attribute \`to\` naming one of ${elementTypes.join(', ')}`);
  return [{ dims: input(call).dims, type }];
};

export const CastLike: ShapeRule = (call) => [{ dims: input(call, 0).dims, type: input(call, 1).type }];

export const IsNaN: ShapeRule = (call) => [{ dims: input(call).dims, type: 'bool' }];
export const IsInf = IsNaN;
