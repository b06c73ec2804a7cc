// What a part may say of several draw sets (as many as the trial has, and the first what its outcomes say) and of adversarial examples.
import { expect, test } from 'vitest';
import type { Part } from '../../lib/evaluation/cell.ts';
import { deltaOf, type Example } from '../../lib/evaluation/examples.ts';
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

/** An example of image 3, which the part predicts to be of class 1: every pixel changed by `by`. */
function example(by: number, over: Partial<Example> = {}): Example {
  return { position: 3, prediction: 1, ...deltaOf(new Float32Array(784), new Float32Array(784).fill(by)), ...over };
}

const l2 = { kind: 'attack', attack: 'pgd', norm: 'l2', epsilon: 0.5, stepSize: 0.1, steps: 2, randomStart: true, restarts: 1, count: 'last' } as const;
const exampleProblem = (examples: Example[], trial: Trial = fgsm, over: Partial<Part> = {}) =>
  partProblem({ ...part(), ...over, examples }, { trialId: 't', trial, start: over.start ?? 0, end: over.end ?? 8, partSize: 8 });

test.each<[string, Example[], Trial]>([
  ['within an L-infinity ball', [example(0.02)], fgsm],
  ['that changes nothing', [example(0)], fgsm],
  ['of several images', [example(-0.01, { position: 0, prediction: 0 }), example(0.02), example(0.02, { position: 7 })], fgsm],
  ['within an L2 ball', [example(0.5 / 28)], l2],
])('examples: one %s', (_, examples, trial) => expect(exampleProblem(examples, trial)).toBeNull());

test.each<[string, Example[], RegExp, Trial?, Partial<Part>?]>([
  ['of a trial that is no attack', [example(0.02)], /its trial is no attack/, { kind: 'clean' }],
  ['of a later part', [example(0.02)], /starts at image 8/, fgsm, { start: 8, end: 16 }],
  ['five of them', [0, 1, 2, 3, 4].map((position) => example(0.02, { position, prediction: position < 3 ? 0 : 1 })), /at most 4 are kept/],
  ['of an image that is not in the part', [example(0.02, { position: 8 })], /example of image 8/],
  ['twice the same image', [example(0.02), example(0.02)], /not in the order/],
  ['another class than predicted', [example(0.02, { prediction: 2 })], /class 2, and its prediction 1/],
  ['too few pixels', [example(0.02, { delta: new Uint8Array(783) })], /783 pixels/],
  ['beyond its epsilon', [example(0.021)], /epsilon is 0.02/],
  ['beyond an L2 ball', [example(0.6 / 28)], /has the length 0.6000; epsilon is 0.5/, l2],
  ['a peak that is not its largest change', [example(0.02, { peak: 0.01, delta: new Uint8Array(784).fill(60) })], /shows 60 of 127/],
  ['a peak that is no number', [example(0.02, { peak: NaN })], /changes a pixel by NaN/],
])('examples refused: %s', (_, examples, message, trial, over) => expect(exampleProblem(examples, trial, over)).toMatch(message));
