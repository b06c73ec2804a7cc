// Arithmetic, comparison and logic, element by element, with NumPy's broadcasting.
import { elementTypes, type ElementType } from '../../../onnx/graph.ts';
import { int } from '../../../onnx/node.ts';
import { numbersOf } from '../../../onnx/constants.ts';
import { choose, detached, heldAs, mask, type Operator, type Step, type Tf, type Value } from '../step.ts';

const unary = (compute: (tf: Tf, x: Value) => Value): Operator => ({ tf, inputs: [x] }) => compute(tf, x);
const binary = (compute: (tf: Tf, a: Value, b: Value) => Value): Operator => ({ tf, inputs: [a, b] }) => compute(tf, a, b);
const fold = (compute: (tf: Tf, a: Value, b: Value) => Value): Operator => ({ tf, inputs }) =>
  inputs.length === 1 ? tf.clone(inputs[0]) : inputs.reduce((left, right) => compute(tf, left, right));

export const Neg = unary((tf, x) => tf.neg(x));
/** |x| as x sign(x): the library's own slope at 0 is -1, PyTorch's is 0. */
export const Abs = unary((tf, x) => (x.dtype === 'float32' ? tf.mul(x, detached(tf, () => tf.sign(x))) : tf.abs(x)));
export const Reciprocal = unary((tf, x) => tf.reciprocal(x));
export const Sqrt = unary((tf, x) => tf.sqrt(x));
export const Exp = unary((tf, x) => tf.exp(x));
export const Log = unary((tf, x) => tf.log(x));
export const Erf = unary((tf, x) => tf.erf(x));
export const Sin = unary((tf, x) => tf.sin(x));
export const Cos = unary((tf, x) => tf.cos(x));
export const Tan = unary((tf, x) => tf.tan(x));
export const Asin = unary((tf, x) => tf.asin(x));
export const Acos = unary((tf, x) => tf.acos(x));
export const Atan = unary((tf, x) => tf.atan(x));
export const Sinh = unary((tf, x) => tf.sinh(x));
export const Cosh = unary((tf, x) => tf.cosh(x));
export const Asinh = unary((tf, x) => tf.asinh(x));
export const Acosh = unary((tf, x) => tf.acosh(x));
export const Atanh = unary((tf, x) => tf.atanh(x));
export const Sign = unary((tf, x) => tf.sign(x));
export const Floor = unary((tf, x) => tf.floor(x));
export const Ceil = unary((tf, x) => tf.ceil(x));
export const Round = unary((tf, x) => tf.round(x));
export const Identity = unary((tf, x) => tf.clone(x));

export const Add = binary((tf, a, b) => tf.add(a, b));
export const Sub = binary((tf, a, b) => tf.sub(a, b));
export const Mul = binary((tf, a, b) => tf.mul(a, b));
/** Integers are divided towards zero. */
export const Div = binary((tf, a, b) =>
  a.dtype === 'float32' ? tf.div(a, b) : tf.cast(tf.div(tf.cast(a, 'float32'), tf.cast(b, 'float32')), a.dtype),
);
export const Sum = fold((tf, a, b) => tf.add(a, b));
/** A tie goes to the first operand. The library's own do not undo broadcasting. */
export const Max = fold((tf, a, b) => choose(tf, () => tf.greaterEqual(a, b), a, b));
export const Min = fold((tf, a, b) => choose(tf, () => tf.lessEqual(a, b), a, b));
export const Mean: Operator = (step) => step.tf.div(Sum(step) as Value, step.inputs.length);

/** With fmod the result has the sign of the dividend, else that of the divisor. */
export const Mod: Operator = ({ tf, node, inputs: [a, b] }) => {
  if (!int(node, 'fmod', 0)) return tf.mod(a, b);
  const quotient = detached(tf, () => tf.cast(tf.cast(tf.div(a, b), 'int32'), 'float32'));
  return tf.sub(a, tf.mul(b, quotient));
};

/** x^p; where p is 0 the base is left out, or the slope of 0^0 would be 0 times infinity. */
export const Pow: Operator = ({ tf, call, inputs: [x, p] }) => {
  const known = call.inputs[1]?.constant;
  const exponents = known ? numbersOf(known) : [];
  if (known && exponents.every((value) => value === 2)) return tf.mul(tf.square(x), tf.onesLike(tf.cast(p, x.dtype)));
  const base = exponents.includes(0) ? choose(tf, () => tf.equal(p, 0), tf.onesLike(x), x) : x;
  return tf.cast(tf.pow(base, tf.cast(p, x.dtype)), x.dtype);
};

export const Equal = binary((tf, a, b) => tf.equal(a, b));
export const Less = binary((tf, a, b) => tf.less(a, b));
export const LessOrEqual = binary((tf, a, b) => tf.lessEqual(a, b));
export const Greater = binary((tf, a, b) => tf.greater(a, b));
export const GreaterOrEqual = binary((tf, a, b) => tf.greaterEqual(a, b));
export const And = binary((tf, a, b) => tf.logicalAnd(a, b));
export const Or = binary((tf, a, b) => tf.logicalOr(a, b));
export const Xor = binary((tf, a, b) => tf.notEqual(a, b));
export const Not = unary((tf, x) => tf.logicalNot(x));
export const IsNaN = unary((tf, x) => tf.isNaN(x));
/** One sign of infinity may be left out. */
export const IsInf: Operator = ({ tf, node, inputs: [x] }) => {
  const [above, below] = [int(node, 'detect_positive', 1), int(node, 'detect_negative', 1)];
  const counted = [...(above ? [tf.equal(x, Infinity)] : []), ...(below ? [tf.equal(x, -Infinity)] : [])];
  return counted.reduce((a, b) => tf.logicalOr(a, b), tf.cast(tf.zerosLike(x), 'bool'));
};

export const Where: Operator = ({ tf, inputs: [condition, a, b] }) => tf.where(condition, a, b);

const cast = ({ tf, inputs: [x] }: Step, type: ElementType): Value => {
  const wanted = heldAs(type);
  // Any number but 0 is true.
  if (wanted === 'bool') return tf.notEqual(x, 0);
  return wanted === x.dtype ? tf.clone(x) : wanted === 'float32' ? mask(tf, x) : tf.cast(x, wanted);
};

export const Cast: Operator = (step) => cast(step, elementTypes[int(step.node, 'to', 1) - 1]);
export const CastLike: Operator = (step) => cast(step, step.call.inputs[1]!.type);
