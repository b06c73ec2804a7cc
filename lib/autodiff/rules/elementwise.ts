// Rules of arithmetic with broadcasting: the cotangent of an operand is summed over the axes along which it was repeated.
import type { Builder } from '../builder.ts';
import { noGradient, type Rule, type Step } from '../rule.ts';

/** Sums each wanted cotangent back to the shape of its operand; the others are never computed. */
function operands({ node, b, wants }: Step, ...cotangents: (() => string)[]): (string | null)[] {
  return cotangents.map((make, input) => (wants(input) ? b.sumTo(make(), b.dims(node.inputs[input])) : null));
}

/** y = a + c: da = dy, dc = dy. */
export const Add: Rule = (step) => operands(step, () => step.dy, () => step.dy);

/** y = a - c: da = dy, dc = -dy. */
export const Sub: Rule = (step) => operands(step, () => step.dy, () => step.b.map('Neg', step.dy));

/** y = a c: da = dy c, dc = dy a. */
export const Mul: Rule = (step) => {
  const { b, dy, node: { inputs: [a, c] } } = step;
  return operands(step, () => b.mul(dy, c), () => b.mul(dy, a));
};

/** y = a / c: da = dy / c, dc = -dy y / c. */
export const Div: Rule = (step) => {
  const { b, dy, node: { inputs: [, c], outputs: [y] } } = step;
  return operands(step, () => b.div(dy, c), () => b.map('Neg', b.div(b.mul(dy, y), c)));
};

/** y = sum of all operands: each gets dy. */
export const Sum: Rule = (step) => operands(step, ...step.node.inputs.map(() => () => step.dy));

/** y = mean of n operands: each gets dy / n. */
export const Mean: Rule = (step) => {
  const share = step.b.scale(step.dy, 1 / step.node.inputs.length);
  return operands(step, ...step.node.inputs.map(() => () => share));
};

/** y = -x: dx = -dy. */
export const Neg: Rule = ({ b, dy }) => [b.map('Neg', dy)];

/** y = |x|: dx = dy sign(x), 0 at 0. */
export const Abs: Rule = ({ b, dy, node: { inputs: [x] } }) => [b.mul(dy, b.map('Sign', x))];

/** y = 1 / x: dx = -dy y^2. */
export const Reciprocal: Rule = ({ b, dy, node: { outputs: [y] } }) => [b.map('Neg', b.mul(dy, b.mul(y, y)))];

/** y = sqrt(x): dx = dy / (2 y). */
export const Sqrt: Rule = ({ b, dy, node: { outputs: [y] } }) => [b.div(b.scale(dy, 0.5), y)];

/** y = exp(x): dx = dy y. */
export const Exp: Rule = ({ b, dy, node: { outputs: [y] } }) => [b.mul(dy, y)];

/** y = log(x): dx = dy / x. */
export const Log: Rule = ({ b, dy, node: { inputs: [x] } }) => [b.div(dy, x)];

/** y = sin(x): dx = dy cos(x). */
export const Sin: Rule = ({ b, dy, node: { inputs: [x] } }) => [b.mul(dy, b.map('Cos', x))];

/** y = cos(x): dx = -dy sin(x). */
export const Cos: Rule = ({ b, dy, node: { inputs: [x] } }) => [b.map('Neg', b.mul(dy, b.map('Sin', x)))];

/** dx = dy / f(x), for a slope that is the reciprocal of f. */
const over = (f: (b: Builder, x: string) => string): Rule => ({ b, dy, node: { inputs: [x] } }) => [b.div(dy, f(b, x))];
const square = (b: Builder, x: string) => b.mul(x, x);
/** 1 - x^2 and 1 + x^2. */
const below = (b: Builder, x: string) => b.sub(b.float(1), square(b, x));
const above = (b: Builder, x: string) => b.add(square(b, x), b.float(1));

/** y = tan(x): dx = dy / cos(x)^2. */
export const Tan = over((b, x) => square(b, b.map('Cos', x)));

/** y = asin(x): dx = dy / sqrt(1 - x^2). */
export const Asin = over((b, x) => b.map('Sqrt', below(b, x)));

/** y = acos(x): dx = -dy / sqrt(1 - x^2). */
export const Acos = over((b, x) => b.map('Neg', b.map('Sqrt', below(b, x))));

/** y = atan(x): dx = dy / (1 + x^2). */
export const Atan = over(above);

/** y = sinh(x): dx = dy cosh(x). */
export const Sinh: Rule = ({ b, dy, node: { inputs: [x] } }) => [b.mul(dy, b.map('Cosh', x))];

/** y = cosh(x): dx = dy sinh(x). */
export const Cosh: Rule = ({ b, dy, node: { inputs: [x] } }) => [b.mul(dy, b.map('Sinh', x))];

/** y = asinh(x): dx = dy / sqrt(1 + x^2). */
export const Asinh = over((b, x) => b.map('Sqrt', above(b, x)));

/** y = acosh(x): dx = dy / sqrt(x^2 - 1). */
export const Acosh = over((b, x) => b.map('Sqrt', b.map('Neg', below(b, x))));

/** y = atanh(x): dx = dy / (1 - x^2). */
export const Atanh = over(below);

/** y = erf(x): dx = dy 2/sqrt(pi) exp(-x^2). */
export const Erf: Rule = ({ b, dy, node: { inputs: [x] } }) => {
  const bell = b.map('Exp', b.map('Neg', b.mul(x, x)));
  return [b.mul(dy, b.scale(bell, 2 / Math.sqrt(Math.PI)))];
};

/** y = x^p with p constant: dx = dy p x^(p-1), and 0 where p = 0. */
export const Pow: Rule = (step) => {
  const { b, dy, node, node: { inputs: [x, exponent] } } = step;
  if (step.wants(1)) throw noGradient(node, 'its exponent depends on the input; wanted a constant exponent');
  const p = b.toFloat(exponent);
  const slope = b.mul(p, b.node('Pow', [x, b.sub(p, b.float(1))], b.dims(node.outputs[0])));
  const flat = b.compare('Equal', p, 0);
  return operands(step, () => b.mul(dy, b.where(flat, b.float(0), slope)));
};

/** Routes dy to the operand that won; where several are equal, to the first, as a maximum over a pooling window does. */
function extremum(step: Step, wins: 'GreaterOrEqual' | 'LessOrEqual'): (string | null)[] {
  const { b, node: { inputs, outputs: [y] } } = step;
  let left = step.dy;
  const parts = inputs.map((operand, i) => {
    if (i === inputs.length - 1) return left;
    const rival = inputs.length === 2 ? inputs[1] : y;
    const part = b.mul(left, b.toFloat(b.compare(wins, operand, rival)));
    left = b.sub(left, part);
    return part;
  });
  return operands(step, ...parts.map((part) => () => part));
}

/** y = max of the operands: dy to the first that equals y. */
export const Max: Rule = (step) => extremum(step, 'GreaterOrEqual');

/** y = min of the operands: dy to the first that equals y. */
export const Min: Rule = (step) => extremum(step, 'LessOrEqual');

/** y = c ? p : q: dp = dy where c, dq = dy where not c. */
export const Where: Rule = (step) => {
  const { b, dy, node: { inputs: [condition] } } = step;
  const zero = b.float(0);
  return operands(step, () => dy, () => b.where(condition, dy, zero), () => b.where(condition, zero, dy));
};
