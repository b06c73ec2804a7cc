// Walking from cell to cell: every trial of a protocol has an address, and steps lead there and back.
import { describe, expect, test } from 'vitest';
import { askedOf, cellAddress, trialIdOf } from '../../app/submissions/[id]/cells/address.ts';
import { neighboursOf, stepsOf } from '../../app/submissions/[id]/cells/neighbours.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import type { Trial } from '../../lib/evaluation/trial.ts';

const protocol = protocols['gauntlet-v1'];
const named = (id: string): Trial => protocol.trials.find((trial) => trialId(trial) === id)!;
const ids = (trials: readonly (Trial | null)[]) => trials.map((trial) => trial && trialId(trial));

describe('addresses', () => {
  test('every trial comes back from its address', () => {
    for (const id of Object.values(protocols).flatMap(({ trials }) => trials.map(trialId))) {
      const address = cellAddress('s', id);
      expect(new URL(address, 'http://x').pathname).toBe(address);
      expect(trialIdOf(address.replace('/submissions/s/cells/', '').split('/'))).toBe(id);
    }
  });

  test('say the phase and what is looked for, and nothing that goes without saying', () => {
    expect(cellAddress('s', 'clean', { phase: 'public', page: 1 })).toBe('/submissions/s/cells/clean');
    expect(cellAddress('s', 'clean', { phase: 'final', truth: 0, page: 3 })).toBe('/submissions/s/cells/clean?phase=final&truth=0&page=3');
  });

  test('what is no class, page or name asks for nothing', () => {
    expect(askedOf({ truth: '3', predicted: '0', page: '2' }, 'final')).toEqual({ phase: 'final', truth: 3, predicted: 0, page: 2 });
    expect(askedOf({ truth: '', predicted: '10', page: '-1' }, 'public')).toEqual({ phase: 'public', page: 1 });
    expect(askedOf({ truth: 'x', page: '1.5' }, 'public')).toEqual({ phase: 'public', page: 1 });
    expect(trialIdOf(['%E0%A4%A'])).toBe('%E0%A4%A');
  });
});

describe('neighbours', () => {
  test('of a perturbation: its severities, and the rows above and below in the heat map', () => {
    const trial = named('gaussian_noise/3@test-2000');
    const found = neighboursOf(protocol, trial);
    expect(ids(found.row)).toEqual([1, 2, 3, 4, 5].map((severity) => `gaussian_noise/${severity}@test-2000`));
    expect(ids([found.above, found.below])).toEqual(['motion_blur/3@test-2000', 'shot_noise/3@test-2000']);
    expect(ids(Object.values(stepsOf(found, trial)))).toEqual(['gaussian_noise/2@test-2000', 'gaussian_noise/4@test-2000']);
  });

  test('of an attack: its radii, and other attacks at the same one', () => {
    const found = neighboursOf(protocol, named('mim/linf/0.02/0.002x10/momentum1/centre/last@test-1000'));
    expect(found.row.map((trial) => trial.kind === 'attack' && trial.epsilon)).toEqual([0.01, 0.02, 8 / 255, 0.05, 0.1]);
    expect(ids([found.above, found.below])).toEqual(['bim/linf/0.02/0.005x10/last@test-1000', 'pgd/linf/0.02/0.002x40/random/restarts1/last@test-1000']);
  });

  test('of what has neither: clean and mixed, the headline first', () => {
    const { row, above, below } = neighboursOf(protocol, { kind: 'mixed' });
    expect(ids(row).slice(0, 2)).toEqual(['mixed', 'clean']);
    expect(ids(row)).toContain('mixed+shift');
    expect([above, below]).toEqual([null, null]);
  });

  test('each step leads back', () => {
    for (const trial of protocol.trials) {
      const id = trialId(trial);
      const found = neighboursOf(protocol, trial);
      expect(ids(found.row)).toContain(id);
      const { before, after } = stepsOf(found, trial);
      if (before) expect(ids([stepsOf(neighboursOf(protocol, before), before).after])).toEqual([id]);
      if (after) expect(ids([stepsOf(neighboursOf(protocol, after), after).before])).toEqual([id]);
      if (found.above) expect(ids([neighboursOf(protocol, found.above).below])).toEqual([id]);
      if (found.below) expect(ids([neighboursOf(protocol, found.below).above])).toEqual([id]);
    }
  });
});
