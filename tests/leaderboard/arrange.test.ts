// Filters, search and order of a board, and what a search may not find.
import { expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { arranged, sortKeys, wholeBoard, type BoardAsk } from '../../lib/leaderboard/arrange.ts';
import { frontOf } from '../../lib/leaderboard/front.ts';
import { sharedOf } from '../../lib/leaderboard/history.ts';
import type { Who } from '../../lib/leaderboard/names.ts';
import type { SharedRow } from '../../lib/leaderboard/shared-rows.ts';
import type { Snapshot } from '../../lib/leaderboard/snapshot.ts';

const estimate = (value: number) => ({ value, low: value - 0.01, high: value + 0.01, images: 400 });

function row(name: string, mixed: number | null, more: Partial<SharedRow> = {}): SharedRow {
  const score = mixed === null ? null : { mixed: estimate(mixed), meanPerturbation: null, robust: null, clean: null, flags: [] };
  return {
    evaluationId: name, submissionId: name, userId: `user of ${name}`, teamId: null, sentFor: null, name, by: `by ${name}`, account: `by ${name}`,
    baseline: false, status: 'finished', tier: 'full', late: false, declaredTta: null, rank: null, submittedAt: '2026-01-01T00:00:00.000Z',
    score, mce: null, bestTta: null, perturbations: {}, parameters: 10, withoutGradient: [], value: mixed, mark: name, ...more,
  };
}

const rows = [
  row('best', 0.9, { parameters: 500, perturbations: { fog: 0.2, crop: 0.8 } }),
  row('masked', 0.8, { by: 'Zorro', account: 'Jürgen Groß', declaredTta: 'shift', perturbations: { fog: 0.5 } }),
  row('baseline', 0.7, { baseline: true, by: 'Ines', account: 'Ines', parameters: 7 }),
  row('teamed', 0.6, { teamId: 'T', sentFor: 'T', by: 'Team T', account: 'Mate One', withoutGradient: ['Round'] }),
  row('unranked', null, { submittedAt: '2026-02-01T00:00:00.000Z', status: 'running' }),
  row('broken', null, { status: 'failed' }),
];
const snapshot: Snapshot = { version: 1, rows, teamOf: new Map() };
const visitor: Who = { viewer: null, team: null, staff: false };
const viewer = (id: string): Viewer => ({ id, name: id, role: 'student' });
const ask = (more: Partial<BoardAsk>, who: Who = visitor) => arranged(snapshot, 'mixed', { ...wholeBoard, ...more }, who).map(({ name }) => name);

test('the whole board, in its own order, without what failed', () => {
  expect(ask({})).toEqual(['best', 'masked', 'baseline', 'teamed', 'unranked']);
  expect(ask({}, { ...visitor, viewer: viewer('user of broken') })).toEqual(['best', 'masked', 'baseline', 'teamed', 'unranked', 'broken']);
});

test('filters', () => {
  expect(ask({ baselines: 'hidden' })).not.toContain('baseline');
  expect(ask({ baselines: 'only' })).toEqual(['baseline']);
  expect([ask({ tta: 'declared' }), ask({ tta: 'none' }).includes('masked')]).toEqual([['masked'], false]);
  expect([ask({ gradient: 'without' }), ask({ gradient: 'with' }).includes('teamed')]).toEqual([['teamed'], false]);
  expect(ask({ mine: true })).toEqual([]);
  expect(ask({ mine: true }, { ...visitor, viewer: viewer('user of best') })).toEqual(['best']);
  expect(ask({ mine: true }, { ...visitor, viewer: viewer('a mate'), team: 'T' })).toEqual(['teamed']);
});

test('order by each column, missing last either way, the least first where it was asked for', () => {
  expect(ask({ sort: { key: 'mixed', descending: true } })).toEqual(ask({}));
  expect(ask({ sort: { key: 'mixed', descending: false } })).toEqual(['teamed', 'baseline', 'masked', 'best', 'unranked']);
  expect(ask({ sort: { key: 'parameters', descending: false } })[0]).toBe('baseline');
  expect(ask({ sort: { key: 'parameters', descending: true } })[0]).toBe('best');
  expect(ask({ sort: { key: 'worst', descending: true } }).slice(0, 2)).toEqual(['masked', 'best']);
  expect(ask({ sort: { key: 'worst', descending: false } }).slice(0, 2)).toEqual(['best', 'masked']);
  expect(ask({ sort: { key: 'submitted', descending: true } })[0]).toBe('unranked');
  expect(ask({ sort: { key: 'name', descending: false } })).toEqual(['baseline', 'best', 'unranked', 'teamed', 'masked']);
  for (const key of sortKeys) expect(ask({ sort: { key, descending: true } }).toSorted()).toEqual(ask({}).toSorted());
});

test('what is not ranked by the metric stands with the missing, also the other way round', () => {
  const odd = { version: 1, teamOf: new Map(), rows: [row('a', 0.5), row('b', 0.9, { value: null })] };
  for (const descending of [true, false]) {
    expect(arranged(odd, 'mixed', { ...wholeBoard, sort: { key: 'mixed', descending } }, visitor).map(({ name }) => name)).toEqual(['a', 'b']);
  }
});

test('a search finds names however they are written, by all its words', () => {
  expect(ask({ search: 'ZORRO' })).toEqual(['masked']);
  expect(ask({ search: 'by best' })).toEqual(['best']);
  expect(ask({ search: 'best nobody' })).toEqual([]);
  expect(ask({ search: '  ' })).toEqual(ask({}));
  expect(ask({ search: '.*%_\\' })).toEqual([]);
});

test('a search leads nobody from an account to its pseudonym but those who may know', () => {
  for (const search of ['Jürgen', 'groß', 'jurgen', 'Mate One', 'Ines']) expect(ask({ search })).toEqual([]);
  expect(ask({ search: 'zorro jurgen' })).toEqual([]);
  expect(ask({ search: 'jurgen zorro' }, { ...visitor, staff: true })).toEqual(['masked']);
  expect(ask({ search: 'jurgen' }, { ...visitor, viewer: viewer('user of masked') })).toEqual(['masked']);
  expect(ask({ search: 'mate' }, { ...visitor, viewer: viewer('x'), team: 'T' })).toEqual(['teamed']);
  expect(ask({ search: 'Ines' }, { ...visitor, staff: true })).toEqual([]);
});

test('five thousand rows are filtered, searched and sorted in no time', () => {
  const many: Snapshot = { version: 1, teamOf: new Map(), rows: Array.from({ length: 5000 }, (_, i) => row(`model ${i}`, i / 5000)) };
  const wanted = { ...wholeBoard, search: 'model 49', sort: { key: 'mixed', descending: false } } as const;
  arranged(many, 'mixed', wanted, visitor);
  const found = many.rows.filter(({ name }) => name.includes('49')).length;
  const begun = performance.now();
  for (let i = 0; i < 20; i++) expect(arranged(many, 'mixed', wanted, visitor)).toHaveLength(found);
  expect((performance.now() - begun) / 20).toBeLessThan(50);
});

test('the Pareto front is what none beats in both', () => {
  const at = (x: number, y: number) => ({ x, y });
  expect(frontOf([])).toEqual([]);
  expect(frontOf([at(1, 1), at(2, 3), at(3, 2), at(2, 2), at(3, 1), at(3, 2)])).toEqual([at(2, 3), at(3, 2)]);
});

test('history: the best so far of all and of each, and the quartiles of all who had one', () => {
  const entries = [
    { owner: 'a', at: 10, value: 0.5 }, { owner: 'b', at: 20, value: 0.4 }, { owner: 'a', at: 30, value: 0.45 }, { owner: 'b', at: 100, value: 0.9 },
  ];
  const iso = (at: number) => new Date(at).toISOString();
  const { best, steps, spread, from, to } = sharedOf(entries, { opensAt: iso(0), closesAt: iso(100) }, 1000);
  expect([from, to]).toEqual([0, 100]);
  expect(best).toEqual([{ at: 10, value: 0.5 }, { at: 100, value: 0.9 }]);
  expect(steps.get('a')).toEqual([{ at: 10, value: 0.5 }]);
  expect(spread[0].at).toBe(10);
  expect(spread[0]).toMatchObject({ middle: 0.5, students: 1 });
  expect(spread.at(-1)).toMatchObject({ at: 100, low: 0.6, middle: 0.7, students: 2 });
  expect(sharedOf([], { opensAt: iso(0), closesAt: null }, 50)).toMatchObject({ best: [], spread: [], from: 0, to: 50 });
});
