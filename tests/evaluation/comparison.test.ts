// Two models side by side: differences by hand, tests that agree with each other, and false discoveries kept rare.
import { describe, expect, test } from 'vitest';
import { cellDifferences, comparisonOf, differenceOf } from '../../lib/evaluation/comparison.ts';
import { corruptionDifference, corruptionError } from '../../lib/evaluation/corruption.ts';
import { normalTail } from '../../lib/evaluation/gaussian.ts';
import { plainCounting } from '../../lib/evaluation/outcomes.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { benjaminiHochberg, mcnemar } from '../../lib/evaluation/statistics.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { deriveKey, Stream } from '../../lib/random.ts';
import { cell } from './cells.ts';

const attack = { kind: 'attack', norm: 'linf', attack: 'fgsm' };
const protocol = parseProtocol({
  name: 'two',
  images: { split: 'test', size: 8 },
  trials: [
    { kind: 'clean' }, { kind: 'mixed' },
    { kind: 'perturbation', perturbation: 'rotate', severity: 1 }, { kind: 'perturbation', perturbation: 'rotate', severity: 5 },
    { kind: 'perturbation', perturbation: 'flip', severity: 1 }, { kind: 'perturbation', perturbation: 'jpeg', severity: 1, scored: false },
    { ...attack, epsilon: 0.1 }, { ...attack, epsilon: 0.2 },
    { ...attack, attack: 'pgd', stepSize: 0.05, steps: 10, epsilon: 0.2, images: { split: 'test', size: 4 }, tta: { policy: 'shift', mode: 'known' } },
  ],
});
const side = (outcomes: string[], declared: string | null = null) => ({
  cells: new Map(outcomes.map((bits, i) => cell(trialId(protocol.trials[i]), bits))),
  counting: { ...plainCounting, declared },
});
const a = ['11111110', '11110000', '11110000', '11000000', '11111111', '00000000', '11110000', '11000000', '1111'];
const b = ['11111100', '11001100', '10000000', '10000000', '11111111', '11111111', '11000000', '11000000', '1100'];

test('columns, perturbations and radii, first minus second', () => {
  const { columns, perturbations, ladder } = comparisonOf(protocol, side(a), side(b));
  expect(columns.clean).toMatchObject({ first: 7 / 8, second: 6 / 8, difference: { value: 1 / 8, images: 8 }, mcnemar: { onlyFirst: 1, onlySecond: 0 } });
  expect(columns.mixed).toMatchObject({ difference: { value: 0 }, p: 1, mcnemar: { onlyFirst: 2, onlySecond: 2, exact: 1 } });
  // (4 + 2 + 8) / 24 against (1 + 1 + 8) / 24; a mean of several cells has no right and wrong.
  expect(columns.meanPerturbation!.first).toBeCloseTo(14 / 24, 12);
  expect(columns.meanPerturbation!.second).toBeCloseTo(10 / 24, 12);
  expect(columns.meanPerturbation).not.toHaveProperty('mcnemar');
  const { difference, bootstrap } = columns.meanPerturbation!;
  expect(bootstrap!.low).toBeLessThan(difference.value);
  expect(bootstrap!.high).toBeGreaterThan(difference.value);
  expect(columns.clean).not.toHaveProperty('bootstrap');
  expect(perturbations.map(({ perturbation, difference: { value } }) => [perturbation, value])).toEqual([['rotate', 4 / 16], ['flip', 0]]);
  expect(perturbations[1]).toMatchObject({ p: 1, differs: false });
  expect(ladder.map(({ epsilon, difference: { value } }) => [epsilon, value])).toEqual([[0.1, 1 / 4], [0.2, 0]]);
});

test('cell by cell, with counts only where they may be told', () => {
  const [first, second] = [side(a).cells, side(b).cells];
  const told = cellDifferences(protocol, first, second, true);
  expect(told.map((cell) => cell.trialId)).toEqual(['rotate/1', 'rotate/5', 'flip/1', 'jpeg/1']);
  expect(told[0]).toMatchObject({ first: 0.5, second: 0.125, difference: 0.375, images: 8, mcnemar: { onlyFirst: 3, onlySecond: 0 } });
  for (const cell of cellDifferences(protocol, first, second, false)) {
    expect(Object.keys(cell).sort()).toEqual(['difference', 'first', 'images', 'perturbation', 'second', 'severity', 'trialId']);
  }
});

test('mCE of two models against one reference, first minus second', () => {
  const reference = side(['11111110', '11110000', '11000000', '11000000', '11110000']).cells;
  const found = corruptionDifference(protocol, side(a).cells, side(b).cells, reference)!;
  const [own, other] = [a, b].map((outcomes) => corruptionError(protocol, side(outcomes).cells, reference)!.mce.value);
  expect([found.first, found.second]).toEqual([own, other]);
  expect(found.difference.value).toBeCloseTo(own - other, 10);
  expect(found.difference.low).toBeLessThan(found.difference.value);
  expect(corruptionDifference(protocol, side(a).cells, side(a).cells, reference)!.difference).toMatchObject({ value: 0, low: 0, high: 0 });
  expect(corruptionDifference(protocol, side(a).cells, side(b.slice(0, 3)).cells, reference)).toBeNull();
});

test('each side counts as it declared, on the images both have', () => {
  const { columns, ladder } = comparisonOf(protocol, side(a, 'shift'), side(b));
  expect(ladder[1]).toMatchObject({ first: 1, second: 0.5, difference: { images: 4 } });
  expect(columns.robust).toMatchObject({ first: 1, second: 0.5, difference: { images: 4 } });
});

test('what has not landed of either is null', () => {
  const { columns, perturbations, ladder } = comparisonOf(protocol, side(a), side(b.slice(0, 3)));
  expect(columns).toMatchObject({ clean: expect.anything(), mixed: expect.anything(), meanPerturbation: null, robust: null });
  expect([perturbations, ladder]).toEqual([[], []]);
});

test('the studentised difference of right-or-wrong outcomes is near McNemar’s', () => {
  const first = Float64Array.from({ length: 1000 }, (_, i) => Number(i < 560));
  const second = Float64Array.from({ length: 1000 }, (_, i) => Number(i >= 60 && i < 600));
  const exact = differenceOf(first, second);
  expect(exact.mcnemar).toEqual({ onlyFirst: 60, onlySecond: 40, ...mcnemar(60, 40) });
  const half = (values: Float64Array) => values.map((value) => value / 2);
  expect(differenceOf(half(first), half(second)).p).toBeCloseTo(exact.p, 2);
});

describe('Benjamini and Hochberg', () => {
  test('steps up: a larger p is a discovery where many are small', () => {
    expect(benjaminiHochberg([0.01, 0.9, 0.03, 0.02], 0.1)).toEqual([true, false, true, true]);
    expect(benjaminiHochberg([0.04, 0.9, 0.9, 0.9], 0.1)).toEqual([false, false, false, false]);
    expect(benjaminiHochberg([], 0.1)).toEqual([]);
  });

  test('among equal models a tenth of comparisons or fewer finds anything', () => {
    let found = 0;
    const rounds = 400;
    for (let round = 0; round < rounds; round++) {
      const stream = new Stream(deriveKey('', 'bootstrap', 'discoveries', 'evaluate'), { image: round });
      const draw = () => Float64Array.from({ length: 200 }, () => Number(stream.uniform() < 0.7));
      const p = Array.from({ length: 10 }, () => differenceOf(draw(), draw()).p);
      if (benjaminiHochberg(p, 0.1).includes(true)) found++;
    }
    expect(found / rounds).toBeLessThan(0.14);
    expect(found / rounds).toBeGreaterThan(0.04);
  });
});

test('the normal tail', () => {
  for (const [z, p] of [[0, 0.5], [1.959964, 0.025], [-1.959964, 0.975], [3, 0.0013499], [5, 2.8665e-7]]) expect(normalTail(z)).toBeCloseTo(p, 6);
});
