// Comparing submissions: who may, what with what, and what comes out, through the route too.
import { and, eq } from 'drizzle-orm';
import { decode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GET } from '../../app/api/v1/compare/route.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { phases } from '../../lib/db/schema.ts';
import { comparableOf } from '../../lib/leaderboard/comparable.ts';
import { compareSubmissions, gather } from '../../lib/leaderboard/compare.ts';
import { disagreementsOf } from '../../lib/leaderboard/disagreements.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person } from '../evaluations/stage.ts';
import { evaluated, images, protocol } from './stage.ts';

let fresh: FreshDatabase;
let student: Viewer;
let other: Viewer;
let teacher: Viewer;
let challengeId: string;
let slug: string;
const ids: Record<string, string> = {};
beforeAll(async () => {
  fresh = await freshDatabase();
  [student, other, teacher] = await Promise.all([person(), person(), person('instructor')]);
  const { id, slug: itsSlug } = await challengeOf(protocol, teacher);
  [challengeId, slug] = [id, itsSlug];
  const enter = async (name: string, by: Viewer, mixed: number, options = {}) => {
    ids[name] = (await evaluated(by, id, { mixed, clean: 380, 'mixed+shift': 350 }, { name, ...options })).submissionId;
  };
  await enter('mine', student, 340);
  await enter('theirs', other, 300);
  await enter('baseline', teacher, 200, { baseline: true });
  await enter('declared', student, 300, { declaredTta: 'shift' });
  ids.elsewhere = (await evaluated(student, (await challengeOf(protocol)).id, { mixed: 1 })).submissionId;
});
afterAll(() => fresh.drop());

test('one’s own with a baseline: paired differences, and nothing of single images', async () => {
  const found = await compareSubmissions(student, ids.mine, ids.baseline);
  expect(found).toMatchObject({ phase: 'public', first: { name: 'mine' }, second: { name: 'baseline', baseline: true } });
  expect(found.columns.mixed).toMatchObject({ first: 0.85, second: 0.5, difference: { value: 0.35, images }, mcnemar: { onlyFirst: 140, onlySecond: 0 } });
  expect(found.columns.clean).toMatchObject({ difference: { value: 0 }, p: 1 });
  expect(found.columns.robust).toBeNull();
  expect(JSON.stringify(found)).not.toMatch(/Bits|predictions/);
});

test('under what each declared', async () => {
  expect((await compareSubmissions(student, ids.declared, ids.mine)).columns.mixed).toMatchObject({ first: 350 / images, second: 0.85 });
});

test('only what the viewer may open: not another student’s, but an instructor everybody’s', async () => {
  await expect(compareSubmissions(student, ids.mine, ids.theirs)).rejects.toMatchObject({ status: 404 });
  await expect(compareSubmissions(null, ids.mine, ids.baseline)).rejects.toMatchObject({ status: 404 });
  expect((await compareSubmissions(teacher, ids.mine, ids.theirs)).columns.mixed!.difference.value).toBeCloseTo(0.1, 12);
});

test('not with itself, and not across challenges', async () => {
  await expect(compareSubmissions(student, ids.mine, ids.mine)).rejects.toMatchObject({ status: 400, message: expect.stringContaining('name two') });
  await expect(compareSubmissions(student, ids.mine, ids.elsewhere)).rejects.toMatchObject({ status: 400, message: expect.stringContaining('saw the same images') });
});

test('two to five, and what is in the way of it', async () => {
  await expect(gather(student, [ids.mine])).rejects.toMatchObject({ status: 400, message: expect.stringContaining('name two') });
  const six = Array.from({ length: 6 }, (_, i) => `${i}0000000-0000-4000-8000-000000000000`);
  await expect(gather(student, six)).rejects.toMatchObject({ status: 400, message: expect.stringContaining('At most 5') });
  await expect(gather(student, [ids.mine, ids.baseline, six[0]])).rejects.toMatchObject({ status: 404 });
  const found = await gather(student, [ids.mine, ids.baseline, ids.declared, ids.mine]);
  expect(found.submissions.map(({ name }) => name)).toEqual(['mine', 'baseline', 'declared']);
  expect(found.pair(1, 0).columns.mixed).toMatchObject({ first: 0.5, second: 0.85, difference: { value: -0.35 } });
  expect([found.open, (await gather(teacher, [ids.mine, ids.theirs])).open]).toEqual([false, true]);
});

test('what can be laid beside each other: one’s own and the baselines', async () => {
  const { own, baselines } = await comparableOf(student, slug);
  expect([own, baselines].map((list) => list.map(({ name }) => name))).toEqual([['declared', 'mine'], ['baseline']]);
  expect((await comparableOf(null, slug)).own).toEqual([]);
});

test('before the seed is published a student sees of twenty images alone where two part; staff of all', async () => {
  // In the order of the trial one is right on the even images and the other on the odd ones.
  const parted = await Promise.all([0, 1].map((rest) => evaluated(student, challengeId, { mixed: (i: number) => i % 2 === rest, clean: 380, 'mixed+shift': 350 })));
  const both = parted.map(({ submissionId }) => submissionId);
  const mine = (await disagreementsOf(await gather(student, both), [0, 1], 'mixed'))!;
  expect(mine).toMatchObject({ open: false, looked: 20, bothRight: 0, bothWrong: 0, counts: { onlyFirst: 10, onlySecond: 10 }, page: 1, pages: 1 });
  expect(mine.onlyFirst.map(({ position }) => position)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
  expect(new Set(mine.onlyFirst.map(({ place }) => place)).size).toBe(10);
  expect(mine.onlyFirst.every(({ mixed, label }) => mixed !== null && label >= 0 && label < 10)).toBe(true);
  const { data } = decode(Buffer.from(mine.sprite.url.split(',')[1], 'base64'));
  expect(data.some((level) => level > 0)).toBe(true);
  expect(await disagreementsOf(await gather(student, both), [0, 1], 'mixed', 99)).toEqual(mine);

  const staff = (await disagreementsOf(await gather(teacher, both), [0, 1], 'mixed', 9))!;
  expect(staff).toMatchObject({ open: true, looked: images, counts: { onlyFirst: 200, onlySecond: 200 }, page: 9, pages: 9 });
  expect(staff.onlyFirst.map(({ position }) => position)).toEqual([384, 386, 388, 390, 392, 394, 396, 398]);
  // The same pictures, whoever looks: what stands at a position hangs on the phase's seed alone.
  const first = (await disagreementsOf(await gather(teacher, both), [0, 1], 'mixed'))!;
  expect(first.onlyFirst.slice(0, 10).map(({ label, mixed }) => [label, mixed])).toEqual(mine.onlyFirst.map(({ label, mixed }) => [label, mixed]));
  await expect(disagreementsOf(await gather(teacher, both), [0, 1], 'mixed+shift')).rejects.toMatchObject({ status: 404 });
  const [{ submissionId }] = [await evaluated(student, challengeId, { clean: 1 })];
  expect(await disagreementsOf(await gather(student, [both[0], submissionId]), [0, 1], 'mixed')).toBeNull();

  await database().update(phases).set({ revealedAt: new Date() }).where(and(eq(phases.challengeId, challengeId), eq(phases.kind, 'public')));
  expect(await disagreementsOf(await gather(student, both), [0, 1], 'mixed')).toMatchObject({ open: true, looked: images });
}, 120_000);

test('over the API', async () => {
  const { secret } = await createToken(student, 'test');
  const ask = (query: string) => GET(new Request(`http://gauntlet.test/api/v1/compare${query}`, { headers: { authorization: `Bearer ${secret}` } }));
  const response = await ask(`?first=${ids.mine}&second=${ids.baseline}`);
  expect(response.status).toBe(200);
  expect((await response.json()).columns.mixed.difference.value).toBeCloseTo(0.35, 12);
  expect((await ask('?first=x')).status).toBe(400);
  expect((await ask(`?first=${ids.mine}&second=${ids.theirs}`)).status).toBe(404);
  expect((await ask(`?first=${ids.mine}&second=${ids.baseline}&phase=final`)).status).toBe(404);
});
