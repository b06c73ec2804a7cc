// The arithmetic that Keras 3 writes down as an operation of its own where a model says `x + y` or `x / 255`.
import type { Value } from './builder.ts';
import type { Call } from './call.ts';
import { aligned, broadcast } from './merge.ts';
import { unsupportedLayer } from './problem.ts';

const operators: Readonly<Record<string, string>> = {
  Add: 'Add', Subtract: 'Sub', Multiply: 'Mul', TrueDivide: 'Div', Divide: 'Div', Maximum: 'Max', Minimum: 'Min',
};

/** Whether Keras 3 has an operation of that name that is known here. */
export function isArithmetic(className: string): boolean {
  return Object.hasOwn(operators, className);
}

/** The operation on two operands, at least one of which is a tensor. Throws SubmissionError when it is another one. */
export function arithmetic({ place, b }: Pick<Call, 'place' | 'b'>, operands: readonly (Value | number)[]): Value {
  const values = operands.filter((each) => typeof each !== 'number');
  const ranks = new Set(values.map(({ dims }) => dims.length));
  // On unequal ranks NumPy's rules and those of Keras's layers part.
  if (!isArithmetic(place.className) || operands.length !== 2 || values.length === 0 || ranks.size > 1) {
    throw unsupportedLayer(place, 'keras-operation', 'is an operation that Gauntlet does not know', 'Use a layer of keras.layers for it');
  }
  const all = aligned(b, values);
  const names = operands.map((each) => (typeof each === 'number' ? b.floats([each]) : all[values.indexOf(each)].name));
  return b.op(operators[place.className], names, broadcast(place, all), all[0].first);
}
