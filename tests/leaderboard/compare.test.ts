// Comparing submissions: who may, what with what, and what comes out, through the route too.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GET } from '../../app/api/v1/compare/route.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { compareSubmissions } from '../../lib/leaderboard/compare.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person } from '../evaluations/stage.ts';
import { evaluated, images, protocol } from './stage.ts';

vi.hoisted(() => {
  process.env.NEXTAUTH_SECRET = 'a secret of the tests, long enough for it';
});

let fresh: FreshDatabase;
let student: Viewer;
let other: Viewer;
let teacher: Viewer;
const ids: Record<string, string> = {};
beforeAll(async () => {
  fresh = await freshDatabase();
  [student, other, teacher] = await Promise.all([person(), person(), person('instructor')]);
  const { id } = await challengeOf(protocol, teacher);
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
