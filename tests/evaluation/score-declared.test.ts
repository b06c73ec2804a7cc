// The score beyond its plain columns: what only is shown, two norms, models without a gradient, declared policies, old shapes.
import { describe, expect, test } from 'vitest';
import { columnTrials, imageOutcomes } from '../../lib/evaluation/outcomes.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { countingOf, currentScore, score, scoreVersion, type Score } from '../../lib/evaluation/score.ts';
import { wilson } from '../../lib/evaluation/statistics.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { cell } from './cells.ts';

const attack = { kind: 'attack', norm: 'linf', images: { split: 'test', size: 4 } };
const pgd = { ...attack, attack: 'pgd', stepSize: 0.01, steps: 10 };
const sum = { policy: 'sum', k: 2, ownWeight: 4, repetitions: 16 };
const label = 'sum-k2-a4-n16';
const protocol = parseProtocol({
  name: 'whole',
  images: { split: 'test', size: 8 },
  trials: [
    { kind: 'mixed' },
    { kind: 'mixed', tta: sum },
    { kind: 'perturbation', perturbation: 'rotate', severity: 1 },
    { kind: 'perturbation', perturbation: 'impulse', severity: 1 },
    { kind: 'perturbation', perturbation: 'jpeg', severity: 1, scored: false },
    { ...attack, attack: 'fgsm', epsilon: 0.1 },
    { ...attack, attack: 'square', epsilon: 0.1, queries: 50 },
    { ...attack, attack: 'fgsm', epsilon: 0.2 },
    { ...attack, attack: 'square', epsilon: 0.2, queries: 50, scored: false },
    { ...pgd, norm: 'l2', epsilon: 1 },
    ...(['transfer', 'eot', 'known'] as const).map((mode) => ({ ...pgd, epsilon: 0.1, images: { split: 'test', size: 3 }, tta: { ...sum, mode } })),
    { ...pgd, epsilon: 0.2, tta: { ...sum, mode: 'transfer' } },
  ],
});
const idOf = (i: number) => trialId(protocol.trials[i]);
const outcomes = ['11110000', '11111100', '11111000', '11000000', '00000000', '1100', '1010', '1000', '0000', '1110', '111', '110', '101', '1111'];
const all = new Map(outcomes.map((bits, i) => cell(idOf(i), bits)));

describe('what is only shown counts in no column', () => {
  const found = score(protocol, all);
  test('a perturbation', () => {
    expect(found.meanPerturbation).toMatchObject({ value: 7 / 16, images: 8 });
    expect(found.perturbations.map(({ perturbation, scored, family }) => [perturbation, scored, family])).toEqual([
      ['rotate', true, 'geometric'], ['impulse', true, 'noise'], ['jpeg', false, 'digital'],
    ]);
    expect(found.perturbations[2]).toMatchObject({ severities: [{ severity: 1, accuracy: 0, images: 8 }], mean: wilson(0, 8) });
    expect(found.families).toEqual({ geometric: wilson(5, 8), noise: wilson(2, 8) });
    expect(found.worstPerturbation).toEqual({ perturbation: 'impulse', ...wilson(2, 8) });
  });
  test('an attack', () => {
    // At 0.1 FGSM and Square together leave 1 0 0 0; at 0.2 only FGSM counts.
    expect(found.ladder).toEqual([
      { norm: 'linf', epsilon: 0.1, worst: wilson(1, 4) },
      { norm: 'linf', epsilon: 0.2, worst: wilson(1, 4) },
    ]);
    expect(found.robust).toMatchObject({ value: 1 / 4 });
  });
});

test('the L2 ladder stands beside, and has no part in robust', () => {
  const found = score(protocol, all);
  expect(found.ladderL2).toEqual([{ norm: 'l2', epsilon: 1, worst: wilson(3, 4) }]);
  expect(found.robustL2).toEqual(wilson(3, 4));
  const without = new Map([...all].filter(([id]) => id !== idOf(9)));
  expect(score(protocol, without).robust).toEqual(found.robust);
  expect(score(protocol, without).robustL2).toBeNull();
});

describe('a model without a gradient', () => {
  const report = { operatorsWithoutGradient: ['TreeEnsemble'] };
  const landed = new Map([...all].filter(([id]) => !/fgsm|pgd/.test(id)));
  test('is robust against what needs none alone, says so, and is not ranked by it', () => {
    const found = score(protocol, landed, { report });
    expect(found.robust).toEqual(wilson(2, 4));
    expect(found.ladder.map(({ epsilon }) => epsilon)).toEqual([0.1]);
    expect(found.notAttacked).toMatch(/^No gradient is known for TreeEnsemble, so gradient attacks were not run\..*\(square\) alone/);
    expect(found.notRanked).toEqual({ robust: found.notAttacked });
  });
  test('has no robust accuracy where every attack needs one', () => {
    const gradientOnly = { ...protocol, trials: protocol.trials.filter((trial) => !(trial.kind === 'attack' && trial.attack === 'square')) };
    const found = score(gradientOnly, landed, { report });
    expect(found.robust).toBeNull();
    expect(found.notAttacked).toContain('There is no robust accuracy.');
  });
  test('and nothing is said where no attack was asked for', () => {
    const natural = { ...protocol, trials: protocol.trials.slice(0, 5) };
    expect(score(natural, landed, { report })).not.toHaveProperty('notAttacked');
  });
});

describe('a declared policy', () => {
  const found = score(protocol, all, { declaredTta: label });
  test('makes the ranked columns, with the bare ones beside', () => {
    expect(found.declared).toBe(label);
    expect(found.mixed).toEqual(wilson(6, 8));
    expect(found.bare!.mixed).toEqual(wilson(4, 8));
    expect(found.bare!.robust).toEqual(score(protocol, all).robust);
    // What the protocol does not measure under the policy stays the bare model's.
    expect(found.meanPerturbation).toEqual(score(protocol, all).meanPerturbation);
  });
  test('is robust where every mode fails; a transferred attack alone is none, and all is cut to the shared images', () => {
    // At 0.1 the AND of 111, 110 and 101; at 0.2 the bare 1000.
    expect([...imageOutcomes(protocol, all, 'robust', countingOf(protocol, { declaredTta: label }))!]).toEqual([1, 0, 0]);
    expect(found.robust).toEqual(wilson(1, 3));
  });
  test('that the protocol does not measure is none', () => {
    expect(score(protocol, all, { declaredTta: 'shift' })).toEqual(score(protocol, all));
  });
  test('ranks look at its cells', () => {
    const ids = columnTrials(protocol, 'robust', { gradient: true, declared: label }).flat().map(trialId);
    expect(ids).toEqual([10, 11, 12, 7].map(idOf));
  });
});

test('every policy has its modes, their AND, and the spread over its draws', () => {
  const cells = new Map(all).set(...cell(idOf(1), '11111100', { correctByDraw: [6, 5, 7] }));
  const { policies } = score(protocol, cells);
  expect(Object.keys(policies)).toEqual([label]);
  expect(policies[label]).toMatchObject({
    clean: null,
    mixed: wilson(6, 8),
    attacks: [
      { norm: 'linf', epsilon: 0.1, modes: { transfer: wilson(3, 3), eot: wilson(2, 3), known: wilson(2, 3) }, worst: wilson(1, 3) },
      { norm: 'linf', epsilon: 0.2, modes: { transfer: wilson(4, 4) }, worst: wilson(4, 4) },
    ],
    spread: { draws: 3, mean: 6 / 8, images: 8 },
  });
  expect(policies[label].spread!.sd).toBeCloseTo(1 / 8, 12);
});

test('a score of an earlier shape keeps its columns and has every other field', () => {
  const old = { clean: wilson(3, 4), mixed: null, meanPerturbation: null, robust: null, ladder: [], ttaGain: {}, worstPerturbation: { perturbation: 'flip', value: 0.5 } };
  const read = currentScore(old as unknown as Score)!;
  expect(read).toMatchObject({ version: scoreVersion, clean: wilson(3, 4), worstPerturbation: null, flags: [], policies: {}, families: {} });
  expect(Object.keys(read).sort()).toEqual(Object.keys(score(protocol, new Map())).sort());
  expect(currentScore(null)).toBeNull();
  const now = score(protocol, all);
  expect(currentScore(now)).toBe(now);
});
