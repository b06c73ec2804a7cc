// Cases of the rule in rules/einsum.ts.
import { floatConstant, int64Constant } from '../../../lib/onnx/constants.ts';
import { node } from '../../../lib/onnx/node.ts';
import { sizeOf } from '../../../lib/tensor.ts';
import { uniform } from '../../models.ts';
import { caseOf, type Case } from './case.ts';

function times(equation: string, x: readonly number[], c: readonly number[], left = false): Case {
  const constants = { c: floatConstant(uniform(8, sizeOf(c)), c) };
  return caseOf(left ? `${equation}, x second` : equation, {
    x, constants, nodes: [node('Einsum', left ? ['c', 'x'] : ['x', 'c'], ['y'], { equation })],
  });
}

export const Einsum = [
  times('ij,jk->ik', [2, 3], [3, 4]),
  times('ij,jk->ik', [3, 4], [2, 3], true),
  times('bhid,bhjd->bhij', [2, 1, 3, 4], [2, 1, 2, 4]),
  times('...id,de->...ie', [2, 2, 3], [3, 2]),
  times('...d,...d->...', [2, 1, 3], [1, 4, 3]),
  times('ij,k->k', [2, 3], [4]),
  times('ij,ij', [2, 3], [2, 3]),
  caseOf('one operand, transposed', { x: [2, 3], nodes: [node('Einsum', ['x'], ['y'], { equation: 'ij->ji' })] }),
  caseOf('both operands', {
    x: [3, 4], constants: { parts: int64Constant([2, 2]) },
    nodes: [node('Split', ['x', 'parts'], ['p', 'q'], { axis: 1 }), node('Einsum', ['p', 'q'], ['y'], { equation: 'id,jd->ij' })],
  }),
];
