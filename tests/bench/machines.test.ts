// What the bench of many machines stands on: made-up parts are such as real children hand in.
import { expect, test } from 'vitest';
import { partSize } from '../../lib/evaluation/parts.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { imageCount, trialId } from '../../lib/evaluation/trial-id.ts';
import { partProblem } from '../../lib/evaluations/validate.ts';
import { madeUp } from './machines/made-up.ts';
import { quantile } from './machines/words.ts';

const runtime = { engine: 'stub', device: 'cpu' };

test.each(Object.values(protocols))('every part of $name that is made up would be taken', (protocol) => {
  for (const trial of protocol.trials) {
    const total = imageCount(protocol, trial);
    const asked = { trialId: trialId(trial), trial, start: 0, end: total, partSize: partSize(trial) };
    const parts = [...madeUp(asked, runtime)];
    expect(parts.map((part) => partProblem(part, asked))).toEqual(parts.map(() => null));
    expect(parts.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(total);
  }
});

test('a quantile is a value that was there', () => {
  expect([0, 0.5, 0.99, 1].map((share) => quantile([3, 1, 2, 4], share))).toEqual([1, 3, 4, 4]);
  expect(quantile([], 0.5)).toBeNaN();
});
