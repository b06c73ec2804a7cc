// What evaluations by different protocols have in common.
import { expect, test } from 'vitest';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { sharedProtocol } from '../../lib/leaderboard/shared-protocol.ts';

const v1 = protocols['gauntlet-v1'];

test('of one protocol it is that one, and a headline cut leaves the headline', () => {
  expect(sharedProtocol([v1, v1])).toEqual(v1);
  const headline = { ...v1, trials: v1.trials.slice(0, 2) };
  expect(sharedProtocol([v1, headline])!.trials.map(trialId)).toEqual(['clean', 'mixed']);
});

test('what is left to the protocol meets on the fewer images', () => {
  const found = sharedProtocol([v1, protocols.quick])!;
  expect(found.images).toEqual({ split: 'test', size: 2000 });
  // The attacks and perturbations of the two have image choices of their own, so they are other trials.
  expect(found.trials.map(trialId)).toEqual(['clean', 'mixed']);
});

test('a trial that one counts and the other only shows is not shared', () => {
  const shown = { ...v1, trials: [v1.trials[0], { ...v1.trials[1], scored: false as const }] };
  expect(sharedProtocol([v1, shown])!.trials.map(trialId)).toEqual(['clean']);
});

test('other splits, or images in file order, have nothing in common', () => {
  expect(sharedProtocol([v1, { ...v1, images: { split: 'train', size: 100 } }])).toBeNull();
  expect(sharedProtocol([v1, { ...v1, images: { split: 'test', first: 100 } }])).toBeNull();
});
