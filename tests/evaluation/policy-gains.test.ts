// Gains of a TTA policy over the bare model attacked alike, on the images both saw.
import { expect, test } from 'vitest';
import { policyGains, throughPolicy } from '../../lib/evaluation/policy-gains.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { firstRight } from './cells.ts';

const pgd = { kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.02, stepSize: 0.002, randomStart: true } as const;
const shift = (mode: 'transfer' | 'known') => ({ policy: 'shift', mode }) as const;
const protocol = parseProtocol({
  name: 'gains',
  images: { split: 'test', size: 200 },
  trials: [
    { kind: 'clean' },
    { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 },
    { ...pgd, steps: 40 },
    { ...pgd, steps: 20, images: { split: 'test', size: 100 }, tta: shift('transfer') },
    { ...pgd, steps: 20, images: { split: 'test', size: 100 }, tta: shift('known') },
  ],
});
const [, fgsm, bare, transfer, known] = protocol.trials.map(trialId);

test('both sides are of the same algorithm and the same images', () => {
  // Of the bare model's 200 images only the first 100 were seen by the policy: 40 of them right.
  const cells = new Map([firstRight(fgsm, 5, 200), firstRight(bare, 40, 200), firstRight(transfer, 70, 100), firstRight(known, 50, 100)]);
  const [rung] = policyGains(protocol, cells, 'shift');
  expect(rung).toMatchObject({ epsilon: 0.02, bareAttack: { attack: 'pgd', steps: 40 }, bare: { value: 0.4, images: 100 } });
  expect(rung.modes.transfer!.gain).toMatchObject({ value: expect.closeTo(0.3), images: 100 });
  expect(rung.modes.known!.gain.value).toBeCloseTo(0.1);
  expect(throughPolicy(rung)).toBe(rung.modes.known);
  expect(throughPolicy({ modes: { transfer: rung.modes.transfer } })).toBeNull();
  expect(rung.worst!.gain.value).toBeCloseTo(0.1);
  expect(rung.worst!.gain.low).toBeGreaterThan(0);
});

test('what has not landed is left out, and without the bare model’s attack there is nothing to compare', () => {
  const some = policyGains(protocol, new Map([firstRight(bare, 40, 200), firstRight(transfer, 70, 100)]), 'shift');
  expect(some).toMatchObject([{ modes: { transfer: { gain: { images: 100 } } }, worst: null }]);
  expect(some[0].modes.known).toBeUndefined();
  expect(policyGains(protocol, new Map([firstRight(transfer, 70, 100)]), 'shift')).toEqual([]);
});
