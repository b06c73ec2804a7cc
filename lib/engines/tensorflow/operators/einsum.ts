// Einsum, two operands at a time, each pair as one stack of matrix products.
import { equationOf } from '../../../onnx/einsum.ts';
import { nameOf } from '../../../onnx/node.ts';
import type { Operator, Tf, Value } from '../step.ts';

/** A tensor whose axes are named by letters. */
type Named = { x: Value; letters: string[] };
type Sizes = ReadonlyMap<string, number>;

const product = (letters: readonly string[], sizes: Sizes) => letters.reduce((size, letter) => size * sizes.get(letter)!, 1);

/** Sums over the letters that are not kept. */
function reduced(tf: Tf, { x, letters }: Named, kept: (letter: string) => boolean): Named {
  const axes = letters.flatMap((letter, axis) => (kept(letter) ? [] : [axis]));
  return axes.length === 0 ? { x, letters } : { x: tf.sum(x, axes), letters: letters.filter(kept) };
}

const ordered = (tf: Tf, { x, letters }: Named, order: readonly string[]) =>
  tf.transpose(x, order.map((letter) => letters.indexOf(letter)));

/** The product of two, summed over what only they share and nobody wants. */
function multiplied(tf: Tf, first: Named, second: Named, wanted: ReadonlySet<string>, sizes: Sizes): Named {
  const a = reduced(tf, first, (letter) => wanted.has(letter) || second.letters.includes(letter));
  const b = reduced(tf, second, (letter) => wanted.has(letter) || first.letters.includes(letter));
  const shared = a.letters.filter((letter) => b.letters.includes(letter));
  const stack = shared.filter((letter) => wanted.has(letter));
  const inner = shared.filter((letter) => !wanted.has(letter));
  const left = a.letters.filter((letter) => !shared.includes(letter));
  const right = b.letters.filter((letter) => !shared.includes(letter));
  const size = (letters: readonly string[]) => product(letters, sizes);
  const rows = tf.reshape(ordered(tf, a, [...stack, ...left, ...inner]), [size(stack), size(left), size(inner)]);
  const columns = tf.reshape(ordered(tf, b, [...stack, ...inner, ...right]), [size(stack), size(inner), size(right)]);
  const letters = [...stack, ...left, ...right];
  return { x: tf.reshape(tf.matMul(rows, columns), letters.map((letter) => sizes.get(letter)!)), letters };
}

export const Einsum: Operator = ({ tf, node, inputs }) => {
  const { operands, output, sizes } = equationOf(node, inputs.map(({ shape }) => shape));
  const named = inputs.map((x, i): Named => {
    const letters = [...operands[i]];
    if (new Set(letters).size !== letters.length) throw new Error(`${nameOf(node)}: the engine tensorflow reads no diagonals.`);
    return { x: tf.broadcastTo(x, letters.map((letter) => sizes.get(letter)!)), letters };
  });
  const whole = named.slice(1).reduce((left, right, i) => {
    const wanted = new Set([...output, ...named.slice(i + 2).flatMap(({ letters }) => letters)]);
    return multiplied(tf, left, right, wanted, sizes);
  }, named[0]);
  return ordered(tf, reduced(tf, whole, (letter) => output.includes(letter)), [...output]);
};
