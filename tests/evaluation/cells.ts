// Cells written as strings of right (1) and wrong (0), for tests of what is computed from them.
import type { Cell, Diagnostics } from '../../lib/evaluation/cell.ts';

export function cell(trialId: string, outcomes: string, diagnostics: Diagnostics = {}): [string, Cell] {
  const bits = [...outcomes].map(Number);
  const correctBits = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, i) => (correctBits[i >> 3] |= bit << (i & 7)));
  return [trialId, {
    trialId, correctBits, total: bits.length, correct: bits.reduce((a, b) => a + b), predictions: new Uint8Array(bits.length),
    confusion: [], seconds: 1, engine: 'e', device: 'cpu', diagnostics,
  }];
}

/** The first `right` of `total` images right, the others wrong. */
export function firstRight(trialId: string, right: number, total: number, diagnostics: Diagnostics = {}): [string, Cell] {
  return cell(trialId, '1'.repeat(right) + '0'.repeat(total - right), diagnostics);
}
