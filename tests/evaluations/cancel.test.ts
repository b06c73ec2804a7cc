// Cancelling one's own: what runs stops, nothing more lands, the board forgets it, and nobody else can do it.
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, parts, shards, submissions } from '../../lib/db/schema.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { cancelSubmission } from '../../lib/evaluations/cancel.ts';
import { failEvaluation } from '../../lib/evaluations/fail.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { progressEvents } from '../../lib/evaluations/progress.ts';
import { shardDone, shardWaits, takeShard } from '../../lib/evaluations/work.ts';
import { board } from '../../lib/leaderboard/board.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, evaluationRow, partOf, person, submit, teamOf } from './stage.ts';

const protocol: Protocol = {
  name: 'two-trials', images: { split: 'test', size: 4000 }, trials: [{ kind: 'clean' }, { kind: 'mixed', images: { split: 'test', size: 1000 } }],
};
const workerId = '00000000-0000-4000-8000-000000000001';

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let student: Viewer;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  challenge = await challengeOf(protocol);
  student = await person();
});

const shardsOf = (evaluationId: string) => database().select().from(shards).where(eq(shards.evaluationId, evaluationId)).orderBy(shards.ordinal);

test('a running one ends: its parts do not land, its shards find nothing to do, and it is told of', async () => {
  const { submissionId, evaluationId } = await submit(student, challenge.id);
  const rows = await shardsOf(evaluationId);
  const clean = (await takeShard(rows.find(({ trialId }) => trialId === 'clean')!.id, workerId))!;
  expect(await landPart(clean, partOf('clean', 0, 2000), workerId)).toMatchObject({ fresh: true, over: false });
  const stop = new AbortController();
  const heard = progressEvents(submissionId, stop.signal);
  await heard.next();
  const news = heard.next();
  await cancelSubmission(student, submissionId);
  expect((await news).done).toBe(false);
  stop.abort();

  expect(await evaluationRow(evaluationId)).toMatchObject({ status: 'cancelled', failure: null, finishedAt: expect.any(Date) });
  expect(await landPart(clean, partOf('clean', 2000, 4000), workerId)).toEqual({ fresh: false, cell: false, finished: false, over: true });
  await shardDone(clean.shardId);
  await shardWaits(clean.shardId);
  expect(await database().$count(parts, eq(parts.evaluationId, evaluationId))).toBe(1);
  for (const { id } of rows) expect(await takeShard(id, workerId)).toBeNull();
  expect((await shardsOf(evaluationId)).map(({ status }) => status)).toEqual(['failed', 'failed']);
  expect(await failEvaluation(evaluationId, { blame: 'platform', message: 'too late' })).toBe(false);
  await cancelSubmission(student, submissionId);
  expect((await evaluationRow(evaluationId)).status).toBe('cancelled');
});

test('a worker that takes a shard while it is cancelled is not left with it', async () => {
  for (let i = 0; i < 5; i++) {
    const { submissionId, evaluationId } = await submit(student, challenge.id);
    const rows = await shardsOf(evaluationId);
    await Promise.all([cancelSubmission(student, submissionId), ...rows.map(({ id }) => takeShard(id, workerId))]);
    expect((await evaluationRow(evaluationId)).status).toBe('cancelled');
    expect((await shardsOf(evaluationId)).map(({ status }) => status)).toEqual(['failed', 'failed']);
  }
});

test('a cancelled one is on no board, also with a score', async () => {
  const { submissionId, evaluationId } = await submit(student, challenge.id);
  const rows = await shardsOf(evaluationId);
  const mixed = (await takeShard(rows.find(({ headline, trialId }) => headline && trialId !== 'clean')!.id, workerId))!;
  await landPart(mixed, partOf(mixed.trialId, 0, 1000), workerId);
  const names = async (viewer: Viewer) => (await board(viewer, challenge.slug)).rows.map((row) => row.submissionId);
  expect(await names(student)).toEqual([submissionId]);
  await cancelSubmission(student, submissionId);
  expect((await evaluationRow(evaluationId)).score!.mixed).not.toBeNull();
  expect(await names(student)).toEqual([]);
});

test('by its student, a team mate and an instructor, who is written down; for others it does not exist, or is not theirs', async () => {
  const [mate, stranger, assistant, instructor] = await Promise.all([person(), person(), person(), person()]);
  const teamId = await teamOf(challenge.id, [student, mate]);
  await enrol(assistant, challenge.id, 'assistant');
  await enrol(instructor, challenge.id, 'instructor');
  const mine = await Promise.all([1, 2].map(() => submit(student, challenge.id)));
  const ids = mine.map(({ submissionId }) => submissionId);
  await database().update(submissions).set({ teamId }).where(inArray(submissions.id, ids));

  await expect(cancelSubmission(null, ids[0])).rejects.toMatchObject({ status: 404 });
  await expect(cancelSubmission(stranger, ids[0])).rejects.toMatchObject({ status: 404 });
  await expect(cancelSubmission(assistant, ids[0])).rejects.toMatchObject({ status: 403 });
  await expect(cancelSubmission({ ...instructor, asStudent: true }, ids[0])).rejects.toMatchObject({ status: 404 });
  await expect(cancelSubmission(student, 'nothing')).rejects.toMatchObject({ status: 404 });
  await cancelSubmission(mate, ids[0]);
  await cancelSubmission(instructor, ids[1]);
  for (const { evaluationId } of mine) expect((await evaluationRow(evaluationId)).status).toBe('cancelled');
  const acts = await database().select().from(auditLog).where(eq(auditLog.action, 'submission.cancel'));
  expect(acts.map(({ actorId, subject }) => [actorId, subject])).toEqual([[instructor.id, ids[1]]]);
});

test('one that has ended is not cancelled', async () => {
  const { submissionId, evaluationId } = await submit(student, challenge.id);
  await failEvaluation(evaluationId, { blame: 'platform', message: 'a test' });
  await expect(cancelSubmission(student, submissionId)).rejects.toMatchObject({ status: 409, message: expect.stringContaining('failed') });
});

test('nobody but an instructor cancels a baseline, though all may look at it', async () => {
  const instructor = await enrol(await person(), challenge.id, 'instructor');
  const { submissionId } = await submit(instructor, challenge.id);
  await database().update(submissions).set({ baseline: true }).where(eq(submissions.id, submissionId));
  await expect(cancelSubmission(student, submissionId)).rejects.toMatchObject({ status: 403 });
  await expect(cancelSubmission(null, submissionId)).rejects.toMatchObject({ status: 401 });
  await cancelSubmission(instructor, submissionId);
});
