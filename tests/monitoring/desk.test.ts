// The desk of a challenge: for its staff alone, and its figures are those of its own submissions.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { evaluations, regradeRequests, rosterPlaces, submissions } from '../../lib/db/schema.ts';
import { desk, type Desk } from '../../lib/monitoring/desk.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let instructor: Viewer;
let students: Viewer[];
let challenge: { id: string; slug: string };
let found: Desk;

beforeAll(async () => {
  fresh = await freshDatabase();
  instructor = await person('instructor');
  challenge = await challengeOf(protocol, instructor);
  students = await Promise.all([1, 2, 3].map(async () => enrol(await person(), challenge.id)));
  const other = await challengeOf(protocol);
  await submit(await enrol(await person(), other.id), other.id);
  await fill(other.id);
  found = await desk(instructor, challenge.slug);
});
afterAll(() => fresh.drop());

async function fill(otherId: string): Promise<void> {
  const [first, second] = students;
  const all = { mixed: 300, clean: 300, 'mixed+shift': 300 };
  const problem = (code: string) => ({ blame: 'student' as const, problem: { code, found: 'It is too large.', wanted: 'A smaller one.', fix: 'Shrink it.' } });
  const finished = await evaluated(first, challenge.id, all);
  await evaluated(first, challenge.id, {}, { failure: problem('limit-memory') });
  await evaluated(second, challenge.id, {}, { failure: problem('limit-memory') });
  await evaluated(second, challenge.id, {}, { failure: { blame: 'platform', message: 'Part of the evaluation (mixed) failed 3 times.' } });
  await evaluated(second, challenge.id, {}, { failure: { blame: 'platform', message: 'Part of the evaluation (clean) failed 3 times.' } });
  await evaluated(await person(), otherId, {}, { failure: problem('crash') });
  await submit(first, challenge.id);
  await database().update(submissions).set({ createdAt: new Date(Date.now() - 2 * 86_400_000) }).where(eq(submissions.id, finished.submissionId));
  await database().insert(regradeRequests).values({ submissionId: finished.submissionId, userId: first.id, message: 'Please look again.' });
  await database().insert(rosterPlaces).values({ challengeId: challenge.id, email: 'late@class.test', name: 'Late Comer' });
  const [{ score }] = await database().select({ score: evaluations.score }).from(evaluations).where(eq(evaluations.id, finished.evaluationId));
  const flags = [{ id: 'M2' as const, seen: {}, sentence: 'More steps found less.' }];
  await database().update(evaluations).set({ score: { ...score!, flags } }).where(eq(evaluations.id, finished.evaluationId));
}

test('is for the staff of this challenge', async () => {
  await expect(desk(null, challenge.slug)).rejects.toMatchObject({ status: 401 });
  for (const viewer of [students[0], await person('instructor'), { ...instructor, asStudent: true }]) {
    await expect(desk(viewer, challenge.slug)).rejects.toMatchObject({ status: 403 });
  }
  await expect(desk(instructor, 'no-such')).rejects.toMatchObject({ status: 404 });
  expect((await desk(await enrol(await person(), challenge.id, 'assistant'), challenge.slug)).standing).toBe('assistant');
});

test('counts students, submissions and what asks for somebody', () => {
  expect(found.counts).toEqual({
    students: 3, unclaimed: 1, withoutSubmission: 1, submissions: 6, late: 0, disqualified: 0, openRegrades: 1, flagged: 1,
  });
});

test('has the queue by tier, of this challenge and of the site', () => {
  const depth = new Map(found.tiers.map((tier) => [tier.tier, tier]));
  expect(depth.get('headline')).toMatchObject({ queued: 2, running: 0, evaluations: 1 });
  expect(depth.get('full')).toMatchObject({ queued: 1, evaluations: 1 });
  expect(depth.get('final')).toMatchObject({ queued: 0, seconds: 0 });
  const own = found.tiers.reduce((sum, { seconds }) => sum + seconds, 0);
  expect(found.site.seconds).toBeCloseTo(2 * own);
  expect(found.site.slots).toBe(0);
});

test('groups failures by cause, whatever trial they name, the most frequent first', () => {
  expect(found.failures.map(({ blame, cause, evaluations: many, students: of }) => [blame, cause, many, of])).toEqual(
    expect.arrayContaining([
      ['platform', 'Part of the evaluation failed 3 times.', 2, 1],
      ['student', 'limit-memory', 2, 2],
    ]),
  );
  expect(found.failures).toHaveLength(2);
  expect(found.failures.find(({ blame }) => blame === 'student')!.example.message).toBe('It is too large. A smaller one.');
});

test('counts submissions by day, also on days without any', () => {
  expect(found.days.map(({ finished, failed, cancelled, open }) => [finished, failed, cancelled, open])).toEqual([[1, 0, 0, 0], [0, 0, 0, 0], [0, 4, 0, 1]]);
});
