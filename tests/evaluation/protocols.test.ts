// Protocols as data: the built-in ones against the issue and spec, and messages that say what may stand where.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseProtocol, protocols } from '../../lib/evaluation/protocols.ts';
import type { Trial } from '../../lib/evaluation/trial.ts';
import { choiceLabel, choiceOf, imageCount, imagesId, trialId, ttaLabel } from '../../lib/evaluation/trial-id.ts';
import { coreKinds } from '../../lib/perturbations/index.ts';

const beside = JSON.parse(readFileSync(new URL('../fixtures/beside-pytorch.json', import.meta.url), 'utf8'));

function refusal(json: unknown): string {
  try {
    parseProtocol(json);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The protocol was accepted.');
}

const withTrial = (trial: object) => ({ name: 'x', trials: [{ kind: 'clean' }, trial] });

describe.each(Object.entries(protocols))('%s', (name, protocol) => {
  test('carries its own name and is what it becomes when read from JSON', () => {
    expect(protocol.name).toBe(name);
    expect(parseProtocol(JSON.parse(JSON.stringify(protocol)))).toEqual(protocol);
  });

  test('has all core perturbations, and random starts whose steps cover the ball twice', () => {
    const kinds = protocol.trials.flatMap((trial) => (trial.kind === 'perturbation' && trial.scored !== false ? [trial.perturbation] : []));
    expect([...new Set(kinds)].sort()).toEqual([...coreKinds].sort());
    for (const trial of protocol.trials) {
      if ('randomStart' in trial && trial.randomStart) expect(trial.steps * trial.stepSize).toBeGreaterThanOrEqual(2 * trial.epsilon);
    }
  });
});

test('gauntlet-v1 is frozen: its trials never change, nor do their ids', () => {
  const protocol = protocols['gauntlet-v1'];
  const ids = protocol.trials.map(trialId);
  expect(createHash('sha256').update(ids.join('\n')).digest('hex')).toBe('ea433355b5115d914c99db06d0818fd1a2359ac7fe95dfb328127d21cc0dbfce');
  expect(ids.slice(0, 3)).toEqual(['clean', 'mixed', 'rot90/1@test-2000']);
  expect(ids.filter((id) => id.includes('linf/0.1/') || id.includes('linf/0.1@'))).toEqual([
    'fgsm/linf/0.1@test-1000',
    'bim/linf/0.1/0.025x10/last@test-1000',
    'mim/linf/0.1/0.01x10/momentum1/centre/last@test-1000',
    'pgd/linf/0.1/0.01x40/random/restarts1/last@test-1000',
    'ensemble/linf/0.1/100/targets3/queries1000@test-1000',
  ]);
  expect(ids.filter((id) => id.includes('+'))).toEqual([
    'mixed+shift',
    'mixed+sum-k2-a4-n16',
    ...['0.02/0.0025x20', '0.03137254901960784/0.00392156862745098x20'].flatMap((steps) =>
      ['shift-transfer', 'shift-known'].map((tta) => `pgd/linf/${steps}/random/restarts1/last+${tta}@test-250`)),
    ...['0.02/0.0025x20', '0.03137254901960784/0.00392156862745098x20'].flatMap((steps) =>
      ['transfer', 'eot8', 'known'].map((mode) => `pgd/linf/${steps}/random/restarts1/last+sum-k2-a4-n16-${mode}@test-250`)),
  ]);
  const unscored = protocol.trials.filter((trial) => trial.scored === false || trial.kind === 'probe');
  expect(unscored.map(({ kind }) => kind)).toEqual([...new Array(1).fill('probe'), ...new Array(6).fill('attack'), ...new Array(30).fill('perturbation'), 'mixed']);
});

test('the protocol of the issue works as it stands', () => {
  const protocol = parseProtocol(beside);
  expect(protocol.seed).toBe('any');
  expect(protocol.trials.map(trialId)).toEqual([
    'clean', 'mixed', 'rotate/3', 'fgsm/linf/0.1', 'bim/linf/0.1/0.01x10/last', 'mim/linf/0.1/0.01x10/momentum1/centre/last',
    'pgd/linf/0.05/0.0125x20/centre/restarts1/last', 'clean+sum-k2-a4-n16',
  ]);
  expect(protocol.trials.map((trial) => imageCount(protocol, trial))).toEqual(new Array(8).fill(1000));
});

test('ids name what differs, and streams only what makes the images', () => {
  const tta = { policy: 'sum', k: 2, ownWeight: 0.5, repetitions: 8 } as const;
  const trial: Trial = { kind: 'mixed', tta, images: { split: 'train', first: 20 } };
  expect(trialId(trial)).toBe('mixed+sum-k2-a0.5-n8@train-first-20');
  expect(imagesId(trial)).toBe('mixed');
  expect(ttaLabel({ policy: 'shift' })).toBe('shift');
  expect(choiceLabel(choiceOf(protocols.quick, { kind: 'clean' }))).toBe('test-2000');
});

test('a choice equal to the default is no choice of its own', () => {
  const protocol = parseProtocol({ name: 'x', images: { split: 'test', size: 50 }, trials: [{ kind: 'clean', images: { split: 'test', size: 50 } }] });
  expect(protocol.trials).toEqual([{ kind: 'clean' }]);
});

describe('an unknown key is refused with the keys allowed there', () => {
  test.each([
    [{ name: 'x', trial: [], trials: [{ kind: 'clean' }] }, 'unknown key "trial"; allowed are name, seed, images, trials'],
    [withTrial({ kind: 'clean', size: 3 }), 'trials[1] (clean): unknown key "size"; allowed are kind, images, scored, tta'],
    [
      withTrial({ kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 4, restart: 2 }),
      'trials[1] (attack pgd): unknown key "restart"; allowed are attack, kind, norm, epsilon, images, scored, tta, stepSize, steps, loss, randomStart, restarts, count',
    ],
    [withTrial({ kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.1, steps: 4 }), 'trials[1] (attack fgsm): unknown key "steps"; allowed are attack, kind, norm, epsilon, images, scored, tta'],
    [
      withTrial({ kind: 'clean', tta: { policy: 'sum', k: 2, ownWeight: 1, repetitions: 4, n: 3 } }),
      'trials[1] (clean) tta: unknown key "n"; allowed are policy, k, ownWeight, repetitions',
    ],
  ])('%#', (json, message) => expect(refusal(json)).toContain(message));
});

test('whatever else is wrong is named with its place', () => {
  expect(refusal(withTrial({ kind: 'cleen' }))).toContain('trials[1] (cleen) kind: wanted one of clean, mixed, perturbation, probe, attack; found "cleen"');
  expect(refusal(withTrial({ kind: 'attack', attack: 'bim', norm: 'linf', epsilon: 0.1, steps: 3 }))).toContain('trials[1] (attack bim) stepSize: expected number, received undefined');
  expect(refusal(withTrial({ kind: 'perturbation', perturbation: 'rotat', severity: 3 }))).toContain('trials[1]: no perturbation "rotat"; there are rot90, flip, rotate,');
  expect(refusal(withTrial({ kind: 'perturbation', perturbation: 'rotate', severity: 6 }))).toContain('trials[1] (perturbation rotate) severity: Too big');
  expect(refusal(withTrial({ kind: 'mixed', images: { split: 'test' } }))).toContain('trials[1] (mixed) images: wanted {"split"');
  expect(refusal(withTrial({ kind: 'mixed', images: { split: 'test', first: 10_001 } }))).toContain('trials[1]: 10001 images asked of the test split, which has 10000');
  expect(refusal(withTrial({ kind: 'clean' }))).toContain('trials[1] repeats trials[0] (clean)');
  expect(refusal('nonsense')).toContain('expected object, received string');
  expect(refusal({ name: 'x', trials: [] })).toContain('trials: Too small');
});
