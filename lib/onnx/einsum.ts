// The equation of an Einsum, spelt out: one letter per axis of every operand and of the output. Knows no graph beyond a node.
import { ModelError } from './error.ts';
import type { Node } from './graph.ts';
import { nameOf, text } from './node.ts';

/** Letters of each operand's axes and of the output's, `...` replaced by letters of its own; `sizes` by letter. */
export type Equation = { operands: string[]; output: string; sizes: ReadonlyMap<string, number> };

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Throws ModelError when the equation does not fit the operands' dimensions. */
export function equationOf(node: Node, dims: readonly (readonly number[])[]): Equation {
  const written = text(node, 'equation', '').replaceAll(' ', '');
  const [left, right] = written.split('->');
  const terms = left.split(',');
  const found = dims.map((each) => `[${each}]`).join(', ');
  const wrong = () => new ModelError(`${nameOf(node)}: the equation "${written}" does not fit operands ${found}.`);
  const letters = (term: string) => term.replace('...', '');
  if (terms.length !== dims.length || !/^[a-zA-Z.,]*(->[a-zA-Z.]*)?$/.test(written)) throw wrong();
  const free = [...alphabet].filter((letter) => !written.includes(letter));
  const widest = Math.max(0, ...terms.map((term, i) => (term.includes('...') ? dims[i].length - letters(term).length : 0)));
  if (free.length < widest) throw wrong();
  const rest = free.slice(0, widest).join('');
  const operands = terms.map((term, i) => term.replace('...', rest.slice(widest - (dims[i].length - letters(term).length))));
  const sizes = new Map<string, number>();
  operands.forEach((operand, i) => {
    if (operand.length !== dims[i].length || operand.includes('.')) throw wrong();
    [...operand].forEach((letter, axis) => {
      const [known, size] = [sizes.get(letter) ?? 1, dims[i][axis]];
      if (known !== size && known !== 1 && size !== 1) throw wrong();
      sizes.set(letter, Math.max(known, size));
    });
  });
  const once = [...new Set(letters(left))].filter((letter) => letter !== ',' && left.split(letter).length === 2).toSorted();
  const output = right === undefined ? rest + once.join('') : right.replace('...', rest);
  if ([...output].some((letter) => !sizes.has(letter)) || new Set(output).size !== output.length) throw wrong();
  return { operands, output, sizes };
}
