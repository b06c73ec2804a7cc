// What a part may say of several draw sets: as many as the trial has, and the first of them what its outcomes say.
import { expect, test } from 'vitest';
import type { Part } from '../../lib/evaluation/cell.ts';
import type { Trial } from '../../lib/evaluation/trial.ts';
import { partProblem } from '../../lib/evaluations/validate.ts';

const sum = { policy: 'sum', k: 2, ownWeight: 4, repetitions: 16 } as const;
const clean: Trial = { kind: 'clean', tta: sum };
const fgsm = { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 } as const;
const attacked = (mode: 'transfer' | 'eot' | 'known'): Trial => ({ ...fgsm, tta: { ...sum, mode, attackDraws: 8 } });

/** Eight images of class 0, the first three right. */
function part(correctByDraw?: number[]): Part {
  return {
    trialId: 't', start: 0, end: 8, correctBits: Uint8Array.of(0b111), predictions: Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 1),
    confusion: Array.from({ length: 100 }, (_, i) => [3, 5][i] ?? 0), seconds: 1, engine: 'e', device: 'd',
    diagnostics: { ...(correctByDraw && { correctByDraw }) },
  };
}

const problem = (trial: Trial, correctByDraw?: number[]) =>
  partProblem(part(correctByDraw), { trialId: 't', trial, start: 0, end: 8, partSize: 8 });

test.each<[string, Trial, number[] | undefined]>([
  ['three of a policy that draws at random', clean, [3, 8, 0]],
  ['five under attack, none of which decides alone', attacked('eot'), [2, 4, 3, 3, 0]],
  ['none where the attack knows the draws', attacked('known'), undefined],
  ['none of a deterministic policy', { kind: 'clean', tta: { policy: 'd4' } }, undefined],
  ['none of the bare model', { kind: 'clean' }, undefined],
])('%s', (_, trial, correctByDraw) => expect(problem(trial, correctByDraw)).toBeNull());

test.each<[string, Trial, number[] | undefined, RegExp]>([
  ['missing', clean, undefined, /0 draw sets; 3 belong/],
  ['one too few', attacked('transfer'), [3, 3, 3, 3], /4 draw sets; 5 belong/],
  ['where there is only one', { kind: 'clean' }, [3], /1 draw sets; 0 belong/],
  ['more than images', clean, [3, 9, 3], /correctByDraw is 3,9,3 of 8/],
  ['a first that is not the outcome', clean, [4, 3, 3], /first draw set has 4 right, its outcomes 3/],
])('refused: %s', (_, trial, correctByDraw, message) => expect(problem(trial, correctByDraw)).toMatch(message));
