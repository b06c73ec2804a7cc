// Lists page by page: nothing twice, nothing left out, filters for the staff, a team's for its members.
import { eq, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { evaluations, submissions } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { listSubmissions, type Listing } from '../../lib/submissions/list.ts';
import { pageOfSubmissions } from '../../lib/submissions/page.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, endShards, enrol, person, submit, teamOf } from '../evaluations/stage.ts';

const protocol = parseProtocol({ name: 'one', images: { split: 'test', size: 100 }, trials: [{ kind: 'mixed' }] });

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let teacher: Viewer;
let students: Viewer[];
const ids: string[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
  challenge = await challengeOf(protocol);
  teacher = await enrol(await person(), challenge.id, 'assistant');
  students = [await person(), await person(), await person()];
  for (let i = 0; i < 12; i++) ids.unshift((await submit(students[i % 2], challenge.id)).submissionId);
  // Three of them in the same microsecond.
  await database().update(submissions).set({ createdAt: sql`now() - interval '1 day'` }).where(inArray(submissions.id, ids.slice(4, 7)));
});
afterAll(() => fresh.drop());

async function walk(viewer: Viewer, listing: Listing): Promise<{ ids: string[]; pages: number }> {
  const found: string[] = [];
  let before: string | undefined;
  for (let pages = 1; ; pages++) {
    const page = await listSubmissions(viewer, challenge.slug, { ...listing, before });
    found.push(...page.submissions.map(({ id }) => id));
    if (!page.next) return { ids: found, pages };
    before = page.next;
  }
}

test.each([1, 5, 12, 50])('pages of %i hold each submission once, the newest first', async (limit) => {
  const rows = await database().select({ id: submissions.id }).from(submissions).orderBy(sql`created_at desc, id desc`);
  expect(await walk(teacher, { all: true, limit })).toEqual({ ids: rows.map(({ id }) => id), pages: Math.max(1, Math.ceil(12 / limit)) });
});

test('narrowed by student, by name or id, and by status, with the number that is left', async () => {
  const [mine] = students;
  const own = await listSubmissions(teacher, challenge.slug, { all: true, student: mine.name.toUpperCase() });
  expect([own.total, own.submissions.every(({ userId }) => userId === mine.id)]).toEqual([6, true]);
  expect((await listSubmissions(teacher, challenge.slug, { all: true, student: mine.id, limit: 2 }))).toMatchObject({ total: 6, next: expect.any(String) });
  expect((await listSubmissions(teacher, challenge.slug, { all: true, student: '%' })).total).toBe(0);
  const [{ id: evaluationId }] = await database().select().from(evaluations).where(eq(evaluations.submissionId, ids[0]));
  await endShards(evaluationId, false);
  await database().update(evaluations).set({ status: 'cancelled', finishedAt: new Date() }).where(eq(evaluations.id, evaluationId));
  const cancelled = await listSubmissions(teacher, challenge.slug, { all: true, status: 'cancelled' });
  expect(cancelled.submissions.map(({ id }) => id)).toEqual([ids[0]]);
});

test('a student sees their own and their team’s, nobody else’s, and not everybody’s', async () => {
  const [a, b, stranger] = students;
  expect((await listSubmissions(a, challenge.slug)).total).toBe(6);
  expect((await listSubmissions(stranger, challenge.slug)).total).toBe(0);
  const mate = await person();
  const teamId = await teamOf(challenge.id, [b, mate]);
  const [{ id }] = (await listSubmissions(b, challenge.slug)).submissions;
  await database().update(submissions).set({ teamId }).where(eq(submissions.id, id));
  expect((await listSubmissions(mate, challenge.slug)).submissions.map((one) => [one.id, one.team?.id])).toEqual([[id, teamId]]);
  expect((await pageOfSubmissions(mate, { limit: 10 })).items.map((one) => one.id)).toEqual([id]);
  await expect(listSubmissions(a, challenge.slug, { all: true })).rejects.toMatchObject({ status: 403 });
  await expect(listSubmissions(null, challenge.slug)).rejects.toMatchObject({ status: 401 });
  await expect(listSubmissions(a, challenge.slug, { before: 'x' })).rejects.toMatchObject({ status: 404 });
});
