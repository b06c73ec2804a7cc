// A comparison in words and addresses: McNemar for people, what keeps it from being made, and the state of the view.
import { expect, test } from 'vitest';
import { askedOf, compareAddress } from '../../app/compare/asked.ts';
import { notesOn } from '../../app/compare/notes.ts';
import { chanceWords, pText, verdict } from '../../app/compare/verdict.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { mcnemar } from '../../lib/evaluation/statistics.ts';
import type { Gathered } from '../../lib/leaderboard/compare.ts';

test('McNemar in words', () => {
  const { exact } = mcnemar(312, 255);
  expect(verdict('A', 'B', 10_000, { onlyFirst: 312, onlySecond: 255, exact })).toBe(
    `Of 10,000 images, A alone is right on 312 and B alone on 255; so large a difference would arise by chance in 1 of ${Math.round(1 / exact)} comparisons of equal models.`,
  );
  expect(verdict('A', 'B', 100, { onlyFirst: 0, onlySecond: 0, exact: 1 })).toMatch(/right on the very same ones\.$/);
  expect(verdict('A', 'B', 100, { onlyFirst: 7, onlySecond: 7, exact: 1 })).toMatch(/no difference at all\.$/);
});

test('how often chance does as much', () => {
  expect([1, 0.6, 0.2, 0.051, 0.001, 1 / 12_345, 1e-9].map(chanceWords)).toEqual([
    'in nearly every comparison of equal models', 'in 6 of 10 comparisons of equal models', 'in 1 of 5 comparisons of equal models',
    'in 1 of 20 comparisons of equal models', 'in 1 of 1,000 comparisons of equal models', 'in 1 of 12,000 comparisons of equal models',
    'in fewer than 1 of a million comparisons of equal models',
  ]);
  expect([0.04172, 0.001, 3.64e-8, 0].map(pText)).toEqual(['0.042', '0.0010', '3.6 × 10⁻⁸', 'below 10⁻³⁰⁰']);
});

test('the address holds the view', () => {
  const view = { of: ['a', 'b'], phase: 'final' as const, against: 'a', show: 'b', sort: 'size' as const, cell: 'rotate/3', page: 2, challenge: undefined, pick: false };
  const query = new URLSearchParams(compareAddress(view).split('?')[1]);
  const asQuery = Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)]));
  expect(askedOf(asQuery)).toEqual(view);
  expect(askedOf({ of: ['a', ' a ', '', 'b'] }).of).toEqual(['a', 'b']);
  expect(askedOf({ of: 'a', sort: 'else', page: 'x' })).toMatchObject({ of: ['a'], sort: 'family', page: undefined, phase: 'public' });
  expect(compareAddress({ of: [] })).toBe('/compare');
});

test('what is not compared is said, with what to do', () => {
  const one = (name: string, status: string, tier = 'full') => ({ name, evaluation: { status, tier } });
  const of = (submissions: unknown[], all = [protocols['gauntlet-v1']]) => notesOn({ submissions, protocols: all, protocol: all[0] } as unknown as Gathered);
  expect(of([one('a', 'finished'), one('b', 'finished')])).toEqual([]);
  expect(of([one('a', 'running'), one('b', 'failed'), one('c', 'finished', 'headline'), one('d', 'queued'), one('e', 'cancelled')])).toEqual([
    expect.stringMatching(/^“a” is still being measured.*comes by itself/),
    expect.stringMatching(/^“b” failed.*Its own page says why/),
    expect.stringMatching(/^“c” is measured on clean and mixed alone\. Run the full protocol/),
    expect.stringMatching(/^“d” is still waiting/),
    expect.stringMatching(/^“e” was cancelled.*Submit it again/),
  ]);
  expect(of([one('a', 'finished'), one('b', 'finished')], [protocols['gauntlet-v1'], protocols.quick])).toEqual([
    expect.stringMatching(/gauntlet-v1 and quick: only the 170 trials that all share/), expect.stringMatching(/on 2,000 and 10,000 images/),
  ]);
});
