// The rule of Einsum.
import { equationOf } from '../../onnx/einsum.ts';
import { noGradient, type Rule } from '../rule.ts';

/**
 * y = sum of products over the letters that y lacks: the cotangent of an operand is the Einsum of dy and the other operands with that
 * operand's letters as output, repeated along letters that only it has.
 */
export const Einsum: Rule = ({ b, dy, wants, node, node: { inputs } }) => {
  const { operands, output, sizes } = equationOf(node, inputs.map((name) => b.dims(name)));
  return inputs.map((input, i) => {
    if (!wants(i)) return null;
    const own = operands[i];
    if (new Set(own).size !== own.length) throw noGradient(node, 'it reads a diagonal; wanted each letter once in an operand');
    const others = inputs.map((name, at) => [name, operands[at]] as const).filter((_, at) => at !== i);
    const known = new Set([...output, ...others.flatMap(([, letters]) => [...letters])]);
    const shared = [...own].filter((letter) => known.has(letter));
    const equation = `${[output, ...others.map(([, letters]) => letters)].join(',')}->${shared.join('')}`;
    const sum = b.node('Einsum', [dy, ...others.map(([name]) => name)], shared.map((letter) => sizes.get(letter)!), { equation });
    const apart = b.reshape(sum, [...own].map((letter) => (known.has(letter) ? sizes.get(letter)! : 1)));
    const dims = b.dims(input);
    const full = [...own].map((letter, axis) => (known.has(letter) ? sizes.get(letter)! : dims[axis]));
    return b.sumTo(String(full) === String(b.dims(apart)) ? apart : b.expand(apart, full), dims);
  });
};
