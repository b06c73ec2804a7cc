// The board: who stands on it, in which order, with which ranks, and what each viewer may see of it.
import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { phases } from '../../lib/db/schema.ts';
import { board, compareMissingLast, type BoardRow } from '../../lib/leaderboard/board.ts';
import { rankOf } from '../../lib/leaderboard/rank-of.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { evaluated, images, protocol } from './stage.ts';

let fresh: FreshDatabase | undefined;
let challenge: { id: string; slug: string };
let people: Viewer[];
beforeEach(async () => {
  fresh ??= await freshDatabase();
  challenge = await challengeOf(protocol);
  people = await Promise.all([person(), person(), person(), person()]);
});
afterAll(() => fresh?.drop());

async function rank(): Promise<void> {
  const rows = await database().select().from(phases).where(eq(phases.challengeId, challenge.id));
  for (const { id, kind } of rows) if (kind === 'public') await rankPhase(id);
}
const rowsFor = async (viewer: Viewer | null = null) => (await board(viewer, challenge.slug)).rows;
const named = (rows: BoardRow[]) => rows.map(({ name }) => name);

test('ranks are ties where the data cannot tell models apart, and order is by the estimate', async () => {
  const [a, b, c] = people;
  // The first two differ on four images in 400; the third is far off.
  await evaluated(a, challenge.id, { mixed: 360, clean: 380, 'mixed+shift': 364 }, { name: 'a' });
  await evaluated(b, challenge.id, { mixed: 364, clean: 380, 'mixed+shift': 364 }, { name: 'b' });
  await evaluated(c, challenge.id, { mixed: 100, clean: 380, 'mixed+shift': 90 }, { name: 'c' });
  await rank();
  const rows = await rowsFor();
  expect(named(rows)).toEqual(['b', 'a', 'c']);
  expect(rows.map(({ rank: found }) => found)).toEqual([
    { rank: 1, low: 1, high: 2 },
    { rank: 1, low: 1, high: 2 },
    { rank: 3, low: 3, high: 3 },
  ]);
  expect(rows[0].score!.mixed).toMatchObject({ value: 0.91, images });
  expect(rows[1].bestTta).toMatchObject({ policy: 'shift', gain: { value: 0.01 } });
});

test('the comparison is paired: a small difference on the same images is one', async () => {
  const [a, b] = people;
  // b is right wherever a is, and on 40 images more: marginal intervals overlap, the paired test does not doubt it.
  await evaluated(a, challenge.id, { mixed: 200 }, { name: 'a' });
  await evaluated(b, challenge.id, { mixed: 225 }, { name: 'b' });
  await rank();
  const [first, second] = await rowsFor();
  expect(first.score!.mixed!.low).toBeLessThan(second.score!.mixed!.high);
  expect([first.rank, second.rank]).toEqual([
    { rank: 1, low: 1, high: 1 },
    { rank: 2, low: 2, high: 2 },
  ]);
});

test('missing scores stand last and have no rank, with how far they are', async () => {
  const [a, b, c] = people;
  await evaluated(a, challenge.id, {}, { name: 'nothing yet' });
  await evaluated(b, challenge.id, { clean: 399 }, { name: 'clean only' });
  await evaluated(c, challenge.id, { mixed: 10 }, { name: 'measured' });
  await rank();
  const rows = await rowsFor();
  expect(named(rows)[0]).toBe('measured');
  expect(rows.slice(1).every((row) => row.rank === null && row.score?.mixed == null)).toBe(true);
  const clean = rows.find(({ name }) => name === 'clean only')!;
  expect(clean.status).toBe('running');
  expect(clean.progress).toBeGreaterThan(0);
  expect(clean.progress).toBeLessThan(1);
  expect([3, null, 1, null, 2].toSorted(compareMissingLast)).toEqual([3, 2, 1, null, null]);
});

test('a student has one row, the best one, and baselines have all of theirs', async () => {
  const [a, teacher] = people;
  await evaluated(a, challenge.id, { mixed: 300 }, { name: 'better' });
  await evaluated(a, challenge.id, { mixed: 200 }, { name: 'worse, later' });
  await evaluated(a, challenge.id, {}, { name: 'running' });
  await evaluated(teacher, challenge.id, { mixed: 150 }, { name: 'baseline one', baseline: true });
  await evaluated(teacher, challenge.id, { mixed: 120 }, { name: 'baseline two', baseline: true });
  await rank();
  const rows = await rowsFor();
  expect(named(rows)).toEqual(['better', 'baseline one', 'baseline two']);
  // Ranked among three: what does not count takes no place.
  expect(rows.map(({ rank: found }) => found!.high)).toEqual([1, 2, 3]);
});

test('a failed model without a score is nobody else’s business, and one with a score stands', async () => {
  const [a, b] = people;
  const failure = { blame: 'platform' as const, message: 'It went wrong.' };
  await evaluated(a, challenge.id, {}, { name: 'failed early', failure });
  await evaluated(b, challenge.id, { mixed: 300 }, { name: 'failed late', failure });
  await rank();
  expect(named(await rowsFor(b))).toEqual(['failed late']);
  expect(named(await rowsFor(a))).toEqual(['failed late', 'failed early']);
});

test('the viewer’s row is marked, and only their own, a baseline, or anybody’s by an instructor, may be opened', async () => {
  const [a, b] = people;
  await evaluated(await person('instructor'), challenge.id, { mixed: 100 }, { name: 'baseline', baseline: true });
  await evaluated(a, challenge.id, { mixed: 300 }, { name: 'a' });
  await evaluated(b, challenge.id, { mixed: 200 }, { name: 'b' });
  const flags = async (viewer: Viewer | null) => (await rowsFor(viewer)).map(({ mine, mayOpen }) => [mine, mayOpen]);
  expect(await flags(a)).toEqual([
    [true, true],
    [false, false],
    [false, true],
  ]);
  expect(await flags(null)).toEqual([
    [false, false],
    [false, false],
    [false, true],
  ]);
  expect(await flags(await enrol(await person(), challenge.id, 'assistant'))).toEqual([
    [false, true],
    [false, true],
    [false, true],
  ]);
});

test('ranking again replaces the ranks, and a submission knows its own', async () => {
  const [a, b] = people;
  const first = await evaluated(a, challenge.id, { mixed: 200 });
  await rank();
  expect(await rankOf(first.submissionId)).toEqual({ rank: 1, low: 1, high: 1, of: 1 });
  const second = await evaluated(b, challenge.id, { mixed: 390 });
  await Promise.all([rank(), rank()]);
  expect(await rankOf(first.submissionId)).toEqual({ rank: 2, low: 2, high: 2, of: 2 });
  expect(await rankOf(second.submissionId)).toEqual({ rank: 1, low: 1, high: 1, of: 2 });
  const better = await evaluated(a, challenge.id, { mixed: 399 });
  await rank();
  expect(await rankOf(first.submissionId)).toBeNull();
  expect(await rankOf(better.submissionId)).toMatchObject({ rank: 1 });
});

test('a board holds nothing of a single image', async () => {
  await evaluated(people[0], challenge.id, { mixed: 300 });
  await rank();
  expect(JSON.stringify(await board(people[0], challenge.slug))).not.toMatch(/correctBits|predictions|"seed"/);
});

test('an unknown challenge is not found', async () => {
  await expect(board(null, 'no-such')).rejects.toMatchObject({ status: 404 });
});
