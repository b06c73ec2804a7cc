// Shards cover a protocol once, in whole parts, most wanted first; they and the keys come from data alone.
import { describe, expect, test } from 'vitest';
import { partSize } from '../../lib/evaluation/parts.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { keysNeeded, mostWanted, secondsPerImage, shardsOf } from '../../lib/evaluation/shards.ts';
import { imageCount, trialId } from '../../lib/evaluation/trial-id.ts';
import { limits } from '../../lib/limits.ts';

const protocol = protocols['gauntlet-v1'];
const trials = new Map(protocol.trials.map((trial) => [trialId(trial), trial]));
const small = { flopsPerImage: 6e6, operatorsWithoutGradient: [] };
const large = { flopsPerImage: limits.flopsPerImage, operatorsWithoutGradient: [] };

describe.each([['a small model', small], ['the largest model allowed', large]])('for %s', (_, report) => {
  const shards = shardsOf(protocol, report);

  test('every image of every trial is in one shard, on part boundaries', () => {
    for (const [id, trial] of trials) {
      let covered = 0;
      for (const shard of shards.filter((each) => each.trialId === id)) {
        expect(shard.start).toBe(covered);
        expect(shard.start % partSize(trial)).toBe(0);
        covered = shard.end;
      }
      expect(covered, id).toBe(imageCount(protocol, trial));
    }
  });

  test('no shard is longer than the limit unless it is a single part', () => {
    for (const shard of shards) {
      const trial = trials.get(shard.trialId)!;
      expect(shard.estimatedSeconds).toBeCloseTo((shard.end - shard.start) * secondsPerImage(trial, report), 6);
      if (shard.end - shard.start > partSize(trial)) expect(shard.estimatedSeconds).toBeLessThanOrEqual(limits.shardSeconds);
    }
  });

  test('the headline comes first, and only the headline is marked', () => {
    const marked = shards.filter(({ headline }) => headline);
    expect(shards.slice(0, marked.length)).toEqual(marked);
    expect(shards[0].trialId).toBe('mixed');
    expect([...new Set(marked.map((shard) => shard.trialId))]).toEqual(['mixed', 'clean']);
  });
});

test('most wanted: headline, perturbations, attacks, TTA, then what is only shown', () => {
  const order = mostWanted(protocol).map(({ trial }) => (trial.scored === false || trial.kind === 'probe' ? 'shown' : trial.tta ? 'tta' : trial.kind));
  expect(order.filter((kind, i) => kind !== order[i - 1])).toEqual(['mixed', 'clean', 'perturbation', 'attack', 'tta', 'shown']);
});

test('a model without a gradient meets the attacks that only ask for answers', () => {
  const shards = shardsOf(protocol, { ...small, operatorsWithoutGradient: ['Round'] });
  const attacks = shards.map(({ trialId: id }) => trials.get(id)!).flatMap((trial) => (trial.kind === 'attack' ? [trial.attack] : []));
  expect([...new Set(attacks)]).toEqual(['ensemble', 'square', 'noise', 'transfer']);
  expect(shards.some(({ trialId: id }) => id === 'mixed+shift')).toBe(true);
});

test('each trial needs its own keys and no others', () => {
  const keys = (id: string) => keysNeeded(protocol, trials.get(id)!).map(({ purpose, trialId: of, role }) => `${purpose}|${of}|${role}`);
  expect(keys('clean')).toEqual(['subset|images/test|evaluate']);
  expect(keys('gaussian_noise/2@test-2000')).toEqual(['subset|images/test|evaluate', 'pixels|gaussian_noise/2|evaluate']);
  expect(keys('mixed+sum-k2-a4-n16')).toContain('tta|mixed+sum-k2-a4-n16|evaluate');
  expect(keys('mixed+sum-k2-a4-n16')).toContain('parameters|mixed|evaluate');
  expect(keys('pgd/linf/0.1/0.01x40/random/restarts1/last@test-1000')).toContain('attack-start|pgd/linf/0.1/0.01x40/random/restarts1/last|attack');
  expect(keys('fgsm/linf/0.1@test-1000')).toEqual(['subset|images/test|evaluate']);
  expect(keysNeeded({ images: { split: 'test', first: 3 } } as typeof protocol, { kind: 'clean' })).toEqual([]);
});
