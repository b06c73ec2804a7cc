// What a submission's page says of its figures: the pure parts, told apart from how they are laid out.
import { describe, expect, test } from 'vitest';
import { apart } from '../../app/submissions/[id]/apart.ts';
import { onMixed, underAttack } from '../../app/submissions/[id]/augmentation-verdict.ts';
import { mistakesIn } from '../../app/submissions/[id]/confusion-counts.ts';
import { findingsOf } from '../../app/submissions/[id]/findings.ts';
import { layOut } from '../../app/submissions/[id]/heat-rows.ts';
import { clock, textOf } from '../../app/submissions/[id]/log.tsx';
import { doubts } from '../../app/submissions/[id]/masking-doubts.ts';
import { range } from '../../app/submissions/[id]/progress.tsx';
import { sparklineText } from '../../app/ui/sparkline.tsx';
import { attackName, trialName } from '../../app/ui/trial-name.ts';
import { checks } from '../../lib/evaluation/masking.ts';
import type { GainRung } from '../../lib/evaluation/policy-gains.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { score, type Estimate, type Score } from '../../lib/evaluation/score.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import type { AttackTrial, Trial } from '../../lib/evaluation/trial.ts';

const v1 = protocols['gauntlet-v1'];
const estimate = (value: number, half = 0.01, images = 1000): Estimate => ({ value, low: value - half, high: value + half, images });

describe('labels at the ends of lines', () => {
  test('are a line’s height apart, within the figure, in the order of their lines', () => {
    const places = apart([100, 98, 20, 99], 15, 100);
    const sorted = places.toSorted((a, b) => a - b);
    expect(sorted.every((place, i) => i === 0 || place - sorted[i - 1] >= 15 - 1e-9)).toBe(true);
    expect(Math.max(...places)).toBeLessThanOrEqual(100);
    expect(places[2]).toBe(20);
    expect(places[1]).toBeLessThan(places[3]);
    expect(places[3]).toBeLessThan(places[0]);
  });
  test('stand where they should when there is room', () => expect(apart([10, 80, 45], 15, 100)).toEqual([10, 80, 45]));
});

describe('the log', () => {
  test('tells the time since it was submitted', () => {
    expect([0, 42_000, 725_000, 3_730_000].map(clock)).toEqual(['0:00', '0:42', '12:05', '1:02:10']);
  });

  test('tells groups, workers and whose fault something was in plain words', () => {
    const at = '2026-11-22T12:00:00.000Z';
    const blur: Trial = { kind: 'perturbation', perturbation: 'gaussian_blur', severity: 1 };
    const attack = v1.trials.find((trial) => trial.kind === 'attack' && trial.epsilon === 8 / 255)!;
    expect(textOf({ at, kind: 'landed', stage: 'perturbations', trial: blur, landed: 5, planned: 5, accuracy: 0.78, seconds: 1 })).toBe('Gaussian blur, all 5 severities: 78.0 % on average');
    expect(textOf({ at, kind: 'landed', stage: 'perturbations', trial: blur, landed: 2, planned: 5, accuracy: 0.8, seconds: 1 })).toContain('2 of 5 severities');
    expect(textOf({ at, kind: 'landed', stage: 'attacks', trial: attack, landed: 5, planned: 5, accuracy: 0.4, seconds: 1 })).toBe('Attacks at radius 8/255 (L∞): all 5');
    expect(textOf({ at, kind: 'began', worker: 'lab-1', engine: 'onnxruntime-node 1.30.0', device: 'cpu' })).toBe('lab-1 began, with onnxruntime-node 1.30.0 on cpu');
    const trouble = textOf({ at, kind: 'trouble', trial: blur, platformFailures: 2, limitsMet: [], resolved: true });
    expect(trouble).toContain('failed on our side 2 times, not through the model');
    expect(trouble).toContain('has run since');
  });

  test('a range of time is said once where both ends are the same', () => {
    expect([range(40, 80), range(200, 290), range(200, 205), range(50, 600)]).toEqual(['40 to 80 s', '3 to 5 min', 'about 3 min', '50 s to 10 min']);
  });
});

test('every trial of the standard protocol has a name of its own', () => {
  const names = v1.trials.map(trialName);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('gaussian blur, severity 3');
  expect(attackName(v1.trials.find((trial): trial is AttackTrial => trial.kind === 'attack' && trial.attack === 'pgd')!)).toBe('PGD-40');
});

test('the heat map has a row a perturbation and knows what is planned and what has landed', () => {
  const trial = v1.trials.find((one) => one.kind === 'perturbation' && one.perturbation === 'shear' && one.severity === 2)!;
  const cell = { trialId: trialId(trial), trial, total: 2000, correct: 500, confusion: [], seconds: 1, engine: 'e', device: 'cpu', diagnostics: {} };
  const { rows, severities, images } = layOut({ protocol: v1, cells: [cell] });
  expect([rows.length, rows.filter(({ scored }) => scored).length, severities, images]).toEqual([24, 18, [1, 2, 3, 4, 5], 2000]);
  const shear = rows.find(({ perturbation }) => perturbation === 'shear')!;
  expect([[...shear.planned], [...shear.cells.keys()]]).toEqual([[1, 2, 3, 4, 5], [2]]);
  expect(layOut({ protocol: protocols.quick, cells: [] }).severities).toEqual([3]);
});

test('every masking check says what it does not prove', () => expect(Object.keys(doubts)).toEqual(Object.keys(checks)));

test('mistakes are told by their share of the true class', () => {
  const confusion = new Array<number>(100).fill(0);
  [confusion[0], confusion[6], confusion[66], confusion[60], confusion[64]] = [80, 20, 5, 3, 2];
  expect(mistakesIn(confusion).map(({ truth, predicted, share }) => [truth, predicted, share])).toEqual([[6, 0, 0.3], [0, 6, 0.2], [6, 4, 0.2]]);
});

describe('what stands out', () => {
  const empty: Score = score({ name: 'empty', images: { split: 'test', size: 1 }, trials: [] }, new Map());
  const weak: Score = {
    ...empty, clean: estimate(0.9), meanPerturbation: estimate(0.6), worstPerturbation: { perturbation: 'motion_blur', ...estimate(0.3) },
    families: { blur: estimate(0.4), noise: estimate(0.65), geometric: estimate(0.7) },
    ladder: [{ norm: 'linf', epsilon: 0.1, worst: estimate(0.1) }, { norm: 'linf', epsilon: 0.05, worst: estimate(0.3) }],
  };

  test('is what the data bear out, each with the part of the page that shows it', () => {
    const found = findingsOf({ score: weak, corruption: null, confusion: null });
    expect(found.map(({ section }) => section)).toEqual(['perturbations', 'attacks']);
    expect(found[0]).toMatchObject({ title: 'Weakest family: blur', text: expect.stringContaining('40.0 % on average, 20.0 points below the mean of all. The single worst is motion blur, 30.0 %.') });
    expect(found[1].title).toBe('More than half is lost at radius 0.05');
  });

  test('is nothing where nothing has landed, and nothing that an interval leaves open', () => {
    expect(findingsOf({ score: null, corruption: null, confusion: null })).toEqual([]);
    const open = { ...weak, families: { ...weak.families, blur: estimate(0.59, 0.05) }, ladder: [] };
    expect(findingsOf({ score: open, corruption: null, confusion: null })).toEqual([]);
    expect(findingsOf({ score: { ...empty, ttaGain: { shift: estimate(0.005, 0.01) } }, corruption: null, confusion: null })).toEqual([]);
    expect(findingsOf({ score: { ...empty, ttaGain: { shift: estimate(0.02, 0.01) } }, corruption: null, confusion: null })[0].section).toBe('augmentation');
  });

  test('names the perturbations where the reference is surely better, and no other', () => {
    const one = (value: number) => ({ ce: { value, low: value - 5, high: value + 5, images: 100 }, relative: null });
    const corruption = { mce: estimate(100), relativeMce: null, perturbations: { fog: one(103), shear: one(120), crop: one(90) } };
    const [found] = findingsOf({ score: null, corruption, confusion: null });
    expect(found.title).toBe('More errors than the reference CNN under 1 of 3 perturbations');
    expect(found.text).toContain('shear (CE 120)');
  });
});

describe('what a policy did', () => {
  const gained = (gain: number, half = 0.01) => ({ accuracy: estimate(0.5), gain: estimate(gain, half) });
  const rung = (transfer: number, worst: number, half = 0.01): GainRung => ({
    norm: 'linf', epsilon: 0.02, bare: estimate(0.4), bareAttack: v1.trials.find((trial): trial is AttackTrial => trial.kind === 'attack')!,
    modes: { transfer: gained(transfer), known: gained(worst, half) }, worst: gained(worst, half),
  });

  test('on perturbed images is told by whether the interval holds zero', () => {
    expect([estimate(0.02), estimate(-0.02), estimate(0.002)].map((gain) => onMixed(gain)!.tone)).toEqual(['good', 'bad', 'muted']);
    expect(onMixed(undefined)).toBeNull();
  });

  test('under attack is an illusion where only transferred attacks see a gain, and real where it stays', () => {
    expect(underAttack([rung(0.2, 0.0)])).toMatchObject({ tone: 'warn', title: 'An illusion under attack' });
    const real = underAttack([rung(0.2, 0.08)])!;
    expect(real).toMatchObject({ tone: 'good', title: 'A real gain under attack' });
    expect(real.text).toContain('The other 12.0 were an illusion');
    expect(underAttack([rung(0.0, -0.05)])!.tone).toBe('bad');
    expect(underAttack([rung(0.005, 0.0)])!.tone).toBe('muted');
    expect(underAttack([])).toBeNull();
  });
});

test('a sparkline in words', () => {
  expect(sparklineText([{ name: 'motion_blur', value: 0.41 }, { name: 'fog', value: 0.8 }, { name: 'jpeg', value: null }])).toBe('2 perturbations; weakest: motion blur 41 %, strongest: fog 80 %');
  expect(sparklineText([{ name: 'fog', value: null }])).toBeUndefined();
});
