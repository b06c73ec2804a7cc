// The class view: for the staff of the challenge alone, with means over the cells that belong together, and their spread.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matching, sorted, sortingOf } from '../../app/challenges/[slug]/desk/class/sorting.ts';
import { paged } from '../../app/ui/paging.tsx';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { parseProtocol, protocols } from '../../lib/evaluation/protocols.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { classColumns } from '../../lib/monitoring/class-columns.ts';
import { classView, type ClassRow } from '../../lib/monitoring/class.ts';
import { binCount, spreadOf, studentsOn } from '../../lib/monitoring/spread.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { evaluated, images } from '../leaderboard/stage.ts';

const protocol = parseProtocol({
  name: 'tiny class',
  images: { split: 'test', size: images },
  trials: [
    { kind: 'mixed' },
    { kind: 'clean' },
    { kind: 'perturbation', perturbation: 'rotate', severity: 1 },
    { kind: 'perturbation', perturbation: 'rotate', severity: 5 },
    { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 },
    { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.1 },
    { kind: 'attack', attack: 'noise', norm: 'linf', epsilon: 0.1, scored: false },
  ],
});
const ids = protocol.trials.map(trialId);
const outcomes = (...right: number[]) => Object.fromEntries(right.map((value, i) => [ids[i], value]));

let fresh: FreshDatabase;
let instructor: Viewer;
let students: Viewer[];
let slug: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  instructor = await person('instructor');
  const challenge = await challengeOf(protocol, instructor);
  slug = challenge.slug;
  students = await Promise.all([1, 2].map(async () => enrol(await person(), challenge.id)));
  await evaluated(students[0], challenge.id, outcomes(200, 200, 200, 200, 200, 200, 200), { protocol });
  await evaluated(students[0], challenge.id, outcomes(300, 360, 320, 160, 200, 40, 400), { protocol });
  await evaluated(students[1], challenge.id, outcomes(280, 360, 320, 160, 200), { protocol });
  await evaluated(instructor, challenge.id, outcomes(320, 400, 400, 400, 0, 0, 0), { protocol, baseline: true, name: 'Reference' });
});
afterAll(() => fresh.drop());

test('is for the staff of this challenge', async () => {
  await expect(classView(null, slug)).rejects.toMatchObject({ status: 401 });
  await expect(classView(students[0], slug)).rejects.toMatchObject({ status: 403 });
  await expect(classView(await person('instructor'), slug)).rejects.toMatchObject({ status: 403 });
  expect((await classView(await person('administrator'), slug)).rows).toHaveLength(3);
});

test('has a row for what counts, with means once all they are of has landed', async () => {
  const { rows, columns } = await classView(instructor, slug);
  expect(columns.map(({ key }) => key)).toEqual(['mixed', 'clean', 'rotate', 'attack-0.02', 'attack-0.1']);
  const first = rows.find(({ name }) => name === students[0].name)!;
  expect(Object.fromEntries(first.values)).toEqual({ mixed: 0.75, clean: 0.9, rotate: expect.closeTo(0.6), 'attack-0.02': 0.5, 'attack-0.1': 0.1 });
  const second = rows.find(({ name }) => name === students[1].name)!;
  expect(['rotate', 'attack-0.02', 'attack-0.1'].map((key) => second.values.get(key))).toEqual([expect.closeTo(0.6), 0.5, undefined]);
  expect(rows.at(-1)).toMatchObject({ name: 'Reference', baseline: true });
  expect(studentsOn(columns[0], rows).toSorted()).toEqual([0.7, 0.75]);
  expect((await classView(instructor, slug, 'final')).rows).toEqual([]);
});

test('the columns of gauntlet-v1 are its 24 perturbations between the headline and its five radii', () => {
  const columns = classColumns(protocols['gauntlet-v1']);
  const groups = columns.map(({ group }) => group);
  expect([groups.filter((group) => group === 'headline').length, groups.filter((group) => group === 'attack').length, columns.length]).toEqual([2, 5, 31]);
  expect(columns.slice(-5).map(({ label }) => label)).toEqual(['ε 0.01', 'ε 0.02', 'ε 8/255', 'ε 0.05', 'ε 0.1']);
});

test('a spread counts everybody once, the best in the last bin', () => {
  const spread = spreadOf([0, 0.5, 0.5, 0.75, 1])!;
  expect(spread).toMatchObject({ students: 5, least: 0, quartiles: [0.5, 0.5, 0.75], most: 1, mean: 0.55 });
  expect(spread.bins).toHaveLength(binCount);
  expect(spread.bins.reduce((sum, count) => sum + count, 0)).toBe(5);
  expect([spread.bins[0], spread.bins.at(-1)]).toEqual([1, 1]);
  expect(spreadOf([])).toBeNull();
});

describe('sorting and searching', () => {
  const row = (name: string, mixed: number | undefined, rest: Partial<ClassRow> = {}): ClassRow => ({
    submissionId: name, name, section: null, baseline: false, flags: 0, values: new Map(mixed === undefined ? [] : [['mixed', mixed]]), ...rest,
  });
  const rows = [row('Bo', 0.5, { section: 'A' }), row('Ada', undefined), row('Cy', 0.9, { flags: 2 })];
  const columns = classColumns(protocol);
  const names = (found: ClassRow[]) => found.map(({ name }) => name);

  test('what is missing stands last in either order', () => {
    expect(names(sorted(rows, sortingOf({}, columns, 'mixed')))).toEqual(['Cy', 'Bo', 'Ada']);
    expect(names(sorted(rows, sortingOf({ sort: 'mixed', order: 'asc' }, columns, 'clean')))).toEqual(['Bo', 'Cy', 'Ada']);
    expect(names(sorted(rows, sortingOf({ sort: 'name' }, columns, 'mixed')))).toEqual(['Ada', 'Bo', 'Cy']);
    expect(sortingOf({ sort: 'nonsense', order: 'up' }, columns, 'robust')).toEqual({ key: 'mixed', order: 'desc' });
  });

  test('page by page, whatever is asked for', () => {
    const many = Array.from({ length: 250 }, (_, i) => i);
    expect(paged(many, undefined)).toMatchObject({ page: 1, pages: 3, shown: many.slice(0, 100) });
    expect(paged(many, '3').shown).toEqual(many.slice(200));
    expect(['0', '-1', 'x', '99'].map((asked) => paged(many, asked).page)).toEqual([1, 1, 1, 3]);
    expect(paged([], '2')).toEqual({ shown: [], page: 1, pages: 1 });
  });

  test('by a part of a name, by section, by flags', () => {
    expect(names(matching(rows, { q: ' b ' }))).toEqual(['Bo']);
    expect(names(matching(rows, { q: 'a' }))).toEqual(['Bo', 'Ada']);
    expect(names(matching(rows, { flagged: '1' }))).toEqual(['Cy']);
  });
});
