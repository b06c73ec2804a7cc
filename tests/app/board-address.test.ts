// The board's address: every state comes back from its own link, and whatever else an address says is as if it were not there.
import { expect, test } from 'vitest';
import { addressOf, hrefAsking, hrefOf, parametersOf, type Address, type Query } from '../../app/challenges/[slug]/address.ts';
import { columns, optionalColumns, shownColumns } from '../../app/challenges/[slug]/columns.ts';
import { shownPages } from '../../app/challenges/[slug]/pager.tsx';
import { sortKeys } from '../../lib/leaderboard/arrange.ts';
import { challenges } from '../../lib/api/index.ts';

const plain = addressOf({});
const back = (href: string): Address => {
  const query: Query = {};
  for (const [name, value] of new URLSearchParams(href.slice(1))) query[name] = query[name] === undefined ? value : [query[name], value].flat();
  return addressOf(query);
};

test('the board as it comes has an empty address', () => {
  expect(hrefOf(plain)).toBe('?');
  expect(plain).toMatchObject({ view: 'table', phase: 'public', page: 1, columns: null, ask: { sort: null, search: '', mine: false } });
});

test('every state comes back from its link', () => {
  const states: Address[] = [plain];
  for (const view of ['table', 'scatter', 'history'] as const)
    for (const key of sortKeys)
      for (const descending of [true, false])
        states.push({
          phase: 'final', view, page: 7, columns: ['profile', 'robust'], x: 'clean', y: 'mixed',
          ask: { sort: { key, descending }, search: 'a&b=ü 😀', mine: true, baselines: 'only', tta: 'declared', gradient: 'without' },
        });
  states.push({ ...plain, columns: [] });
  for (const state of states) expect(back(hrefOf(state, { page: state.page }))).toEqual(state);
});

test('another question begins at its first page, and another page keeps the question', () => {
  const here = addressOf({ q: 'x', page: '3', sort: '-robust' });
  expect(hrefAsking(here, { mine: true })).toBe('?q=x&mine=1&sort=-robust');
  expect(hrefOf(here, { page: 4 })).toBe('?q=x&sort=-robust&page=4');
});

test('a form without scripts sends its columns one by one, and an unticked all', () => {
  expect(addressOf({ columns: ['none', 'robust', 'profile'] }).columns).toEqual(['profile', 'robust']);
  expect(addressOf({ columns: 'none' }).columns).toEqual([]);
  expect(shownColumns('robust', []).map(({ key }) => key)).toEqual(['robust']);
  expect(shownColumns('robust', ['robust', 'clean']).map(({ key }) => key)).toEqual(['robust', 'clean']);
});

const hostile: Query[] = [
  { sort: '-__proto__' }, { sort: 'constructor' }, { sort: ['-mixed', 'x'] , page: '-1' }, { page: '1e9' }, { page: '99999999999999999999' }, { page: 'NaN' },
  { columns: '__proto__,toString,<script>' }, { columns: ['a', 'b'] }, { view: 'toString' }, { phase: ['x'] }, { baselines: 'DROP TABLE' },
  { q: ' '.repeat(10_000) }, { q: 'x'.repeat(10_000) }, { q: ['<b>', '2'] }, { x: 'hasOwnProperty', y: '' }, { '': '' },
];
test.each(hostile)('%j is shown as something', (query) => {
  const address = addressOf(query);
  expect(address.page).toBeGreaterThanOrEqual(1);
  expect(address.page).toBeLessThan(1_000_000);
  expect(address.ask.search.length).toBeLessThanOrEqual(100);
  for (const key of address.columns ?? []) expect(optionalColumns).toContain(key);
  if (address.ask.sort) expect(sortKeys).toContain(address.ask.sort.key);
  expect(back(hrefOf(address, { page: address.page }))).toEqual(address);
  for (const [, value] of parametersOf(address)) expect(typeof value).toBe('string');
});

test('every column that says how it is sorted can be', () => {
  for (const { sort } of Object.values(columns)) if (sort !== null) expect(sortKeys).toContain(sort);
  const { query } = challenges.leaderboard;
  for (const key of sortKeys) expect(query.safeParse({ sort: `-${key}` }).success).toBe(true);
  expect(query.safeParse({ sort: 'constructor' }).success).toBe(false);
});

test('the pager shows the first, the last and what is near', () => {
  expect(shownPages(1, 1)).toEqual([1]);
  expect(shownPages(1, 100)).toEqual([1, 2, 3, 100]);
  expect(shownPages(50, 100)).toEqual([1, 48, 49, 50, 51, 52, 100]);
});
