// Tiers: a headline is true as it is, grows into the whole protocol once, and keeps what has landed.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import type { Policy } from '../../lib/challenges/policy.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { auditLog, cells, challenges, evaluations, parts, phases, shards, submissions } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { promote, promoteCounted, runFullProtocol } from '../../lib/evaluations/promote.ts';
import { resultsOf } from '../../lib/evaluations/results.ts';
import { takeShard } from '../../lib/evaluations/work.ts';
import { board } from '../../lib/leaderboard/board.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { shardJobSchema, shardsIn } from '../../lib/queue/jobs.ts';
import { allowanceOf } from '../../lib/submissions/allowance.ts';
import { cancelSubmission } from '../../lib/evaluations/cancel.ts';
import { confirmDraft } from '../../lib/submissions/confirm.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, draftRow, enrol, evaluationRow, partOf, person, ruled, submit } from './stage.ts';

const protocol = parseProtocol({
  name: 'tiered', images: { split: 'test', size: 1000 },
  trials: [
    { kind: 'clean' }, { kind: 'mixed' }, { kind: 'perturbation', perturbation: 'rotate', severity: 3 },
    { kind: 'mixed', tta: { policy: 'shift' } },
  ],
});
const all = ['mixed', 'clean', 'rotate/3', 'mixed+shift'];
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

const rules = (policy: Partial<Policy>) => ruled(challenge.id, policy);
async function entered(declaredTta: string | null = null, viewer = student, now?: Date) {
  return confirmDraft(viewer, await draftRow(viewer, challenge.id, now), { name: 'a model', declaredTta }, now);
}
const shardsOf = (evaluationId: string) => database().select().from(shards).where(eq(shards.evaluationId, evaluationId)).orderBy(shards.ordinal);
const trialsOf = async (evaluationId: string) => [...new Set((await shardsOf(evaluationId)).map(({ trialId }) => trialId))].toSorted();

/** Lands whatever waits, every image of every trial right but for one class. */
async function run(evaluationId: string, predicted: number | null = null): Promise<void> {
  for (const { id } of await shardsOf(evaluationId)) {
    const work = await takeShard(id, workerId);
    if (work) for (let at = work.start; at < work.end; at += work.partSize) {
      await landPart(work, partOf(work.trialId, at, Math.min(at + work.partSize, work.end), predicted), workerId);
    }
  }
}
async function rank(): Promise<void> {
  const [{ id }] = await database().select().from(phases).where(eq(phases.challengeId, challenge.id)).orderBy(phases.kind);
  await rankPhase(id);
  await promoteCounted(id);
}
const promoted = (evaluationId: string) => database().transaction((tx) => promote(tx, evaluationId));

test('a headline runs clean and mixed, and is finished by them', async () => {
  await rules({ fullProtocol: 'counted' });
  const { evaluationId, submissionId } = await entered();
  expect(await trialsOf(evaluationId)).toEqual(['clean', 'mixed']);
  await run(evaluationId);
  expect(await evaluationRow(evaluationId)).toMatchObject({ status: 'finished', tier: 'headline', score: { mixed: { value: 1 }, meanPerturbation: null } });
  const results = await resultsOf(student, submissionId);
  expect(results).toMatchObject({ tier: 'headline', progress: { share: 1 } });
  expect(results.protocol.trials).toHaveLength(2);
});

test('a declared policy belongs to the headline, so that its ranked column is there', async () => {
  await rules({ fullProtocol: 'counted' });
  const { evaluationId } = await entered('shift');
  expect(await trialsOf(evaluationId)).toEqual(['clean', 'mixed', 'mixed+shift']);
  await run(evaluationId);
  expect((await evaluationRow(evaluationId)).score).toMatchObject({ declared: 'shift', mixed: { value: 1 }, bare: { mixed: { value: 1 } } });
});

test('promoting plans what is missing, keeps what has landed, and ends with everything', async () => {
  await rules({ fullProtocol: 'counted' });
  const { evaluationId, submissionId } = await entered();
  await run(evaluationId);
  const before = await shardsOf(evaluationId);
  expect(await promoted(evaluationId)).toBe(true);
  expect(await evaluationRow(evaluationId)).toMatchObject({ status: 'running', tier: 'full', finishedAt: null, protocol, score: { mixed: { value: 1 } } });
  expect(await trialsOf(evaluationId)).toEqual(all.toSorted());
  expect((await shardsOf(evaluationId)).filter(({ id }) => before.some((one) => one.id === id)).map(({ status }) => status)).toEqual(before.map(() => 'done'));
  const jobs = await rawSql()`select payload from graphile_worker._private_jobs where payload::jsonb ? 'shardId'`;
  const waiting = (await shardsOf(evaluationId)).filter(({ status }) => status === 'queued').map(({ id }) => id);
  const planned = jobs.flatMap(({ payload }) => shardsIn(shardJobSchema.parse(payload))).filter(({ shardId }) => waiting.includes(shardId));
  expect(planned.map(({ keys }) => keys.length > 0)).toEqual(waiting.map(() => true));

  await run(evaluationId);
  const results = await resultsOf(student, submissionId);
  expect(results.status).toBe('finished');
  expect(results.cells.map(({ trialId }) => trialId)).toEqual(all);
  expect(await database().$count(cells, eq(cells.evaluationId, evaluationId))).toBe(4);
  expect(await database().$count(parts, eq(parts.evaluationId, evaluationId))).toBe(0);
});

test('two at once promote once, also while the headline still lands', async () => {
  await rules({ fullProtocol: 'counted' });
  const { evaluationId } = await entered();
  const rows = await shardsOf(evaluationId);
  const [first, second] = [(await takeShard(rows[0].id, workerId))!, (await takeShard(rows[1].id, workerId))!];
  const found = await Promise.all([
    promoted(evaluationId), promoted(evaluationId), promoted(evaluationId),
    landPart(first, partOf(first.trialId, 0, 1000), workerId), landPart(second, partOf(second.trialId, 0, 1000), workerId),
  ]);
  expect(found.slice(0, 3).filter(Boolean)).toEqual([true]);
  expect((await shardsOf(evaluationId)).map(({ trialId }) => trialId).toSorted()).toEqual(all.toSorted());
  await run(evaluationId);
  expect(await evaluationRow(evaluationId)).toMatchObject({ status: 'finished', tier: 'full' });
});

test('a headline shard that ran twice lands nothing in the promoted one', async () => {
  await rules({ fullProtocol: 'counted' });
  const { evaluationId } = await entered();
  const work = (await takeShard((await shardsOf(evaluationId))[0].id, workerId))!;
  await run(evaluationId);
  await promoted(evaluationId);
  const part = partOf(work.trialId, 0, 1000, 3);
  expect(await landPart(work, part, workerId)).toMatchObject({ fresh: false, over: false });
  expect((await evaluationRow(evaluationId)).score).toMatchObject({ mixed: { value: 1 } });
});

test('where the model can be asked nothing more, it is finished at once', async () => {
  const attack = { kind: 'attack', norm: 'linf', epsilon: 0.1, attack: 'pgd', stepSize: 0.01, steps: 10 };
  const attacked = parseProtocol({ name: 'attacked', images: { split: 'test', size: 1000 }, trials: [{ kind: 'mixed' }, attack] });
  challenge = await challengeOf(attacked);
  await rules({ fullProtocol: 'counted' });
  const draftId = await draftRow(student, challenge.id);
  await rawSql()`update drafts set report = report || '{"operatorsWithoutGradient": ["Round"]}' where id = ${draftId}`;
  const { evaluationId } = await confirmDraft(student, draftId, { name: 'trees' });
  await run(evaluationId);
  expect(await promoted(evaluationId)).toBe(true);
  expect(await evaluationRow(evaluationId)).toMatchObject({ status: 'finished', tier: 'full', score: { notRanked: { robust: expect.any(String) } } });
});

test('what has ended badly, and what the challenge no longer measures, stays as it is', async () => {
  await rules({ fullProtocol: 'counted' });
  const one = await entered();
  await cancelSubmission(student, one.submissionId);
  expect(await promoted(one.evaluationId)).toBe(false);
  const other = await entered();
  await run(other.evaluationId);
  const newer: Protocol = { ...protocol, name: 'tiered-2', images: { split: 'test', size: 2000 } };
  await database().update(challenges).set({ protocol: newer }).where(eq(challenges.id, challenge.id));
  expect(await promoted(other.evaluationId)).toBe(false);
});

describe('counted', () => {
  test('the ranking promotes what counts, and later what is better', async () => {
    await rules({ fullProtocol: 'counted' });
    const [worse, better] = [await entered(), await entered()];
    const baseline = await submit(await person(), challenge.id);
    await database().update(submissions).set({ baseline: true }).where(eq(submissions.id, baseline.submissionId));
    expect((await evaluationRow(baseline.evaluationId)).tier).toBe('full');
    await run(worse.evaluationId, 1);
    await rank();
    expect((await evaluationRow(worse.evaluationId)).tier).toBe('full');
    await run(better.evaluationId);
    await rank();
    await rank();
    expect((await evaluationRow(better.evaluationId)).tier).toBe('full');
    expect((await board(null, challenge.slug)).rows.filter((row) => !row.baseline).map((row) => row.submissionId)).toEqual([better.submissionId]);
    const third = await entered();
    await run(third.evaluationId, 2);
    await rank();
    expect((await evaluationRow(third.evaluationId)).tier).toBe('headline');
  });

  test('ranked by a column that the headline has not, the best mixed accuracy is promoted', async () => {
    await database().update(challenges).set({ primaryMetric: 'meanPerturbation' }).where(eq(challenges.id, challenge.id));
    await rules({ fullProtocol: 'counted' });
    const [best, newest] = [await entered(), await entered()];
    await run(best.evaluationId);
    await run(newest.evaluationId, 1);
    await rank();
    expect([(await evaluationRow(best.evaluationId)).tier, (await evaluationRow(newest.evaluationId)).tier]).toEqual(['full', 'headline']);
    await expect(runFullProtocol(student, newest.submissionId)).rejects.toMatchObject({ status: 409, message: expect.stringContaining('by itself') });
  });
});

describe('per day', () => {
  const today = new Date('2026-11-20T12:00:00Z');
  const tomorrow = new Date('2026-11-21T12:00:00Z');
  beforeEach(async () => {
    await rules({ fullProtocol: 'per-day', fullPerDay: 2 });
    await database().update(challenges).set({ opensAt: new Date('2026-11-01T00:00:00Z') }).where(eq(challenges.id, challenge.id));
  });
  const left = async (now: Date) => (await allowanceOf(student, challenge.slug, now)).full;
  /** The shards are queued by the database's clock; these were on the day of the test. */
  const queuedAt = (evaluationId: string, at: Date) => database().update(shards).set({ queuedAt: at }).where(eq(shards.evaluationId, evaluationId));

  test('the first of the day are whole, the others are the headline, until the student spends one of tomorrow on them', async () => {
    const found = [];
    for (let i = 0; i < 3; i++) {
      const one = await entered(null, student, today);
      await queuedAt(one.evaluationId, today);
      found.push(one);
    }
    expect(await Promise.all(found.map(async ({ evaluationId }) => (await evaluationRow(evaluationId)).tier))).toEqual(['full', 'full', 'headline']);
    expect(await left(today)).toEqual({ rule: 'per-day', used: 2, limit: 2 });
    const [first, , third] = found;
    await expect(runFullProtocol(student, third.submissionId, today)).rejects.toMatchObject({ status: 429 });
    await expect(runFullProtocol(await person(), third.submissionId, today)).rejects.toMatchObject({ status: 404 });
    await expect(runFullProtocol(student, first.submissionId, tomorrow)).rejects.toMatchObject({ status: 409 });

    await runFullProtocol(student, third.submissionId, tomorrow);
    await database().update(shards).set({ queuedAt: tomorrow }).where(eq(shards.evaluationId, third.evaluationId));
    expect([(await left(today)).used, (await left(tomorrow)).used]).toEqual([2, 1]);
    // A cancelled one gives its place back.
    await cancelSubmission(student, third.submissionId);
    expect((await left(tomorrow)).used).toBe(0);
  });

  test('two presses at once cannot pass the limit', async () => {
    await rules({ fullProtocol: 'counted' });
    const found = [await entered(null, student, today), await entered(null, student, today), await entered(null, student, today)];
    await rules({ fullProtocol: 'per-day', fullPerDay: 1 });
    const now = new Date();
    const pressed = await Promise.allSettled(found.map(({ submissionId }) => runFullProtocol(student, submissionId, now)));
    expect(pressed.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await database().$count(evaluations, eq(evaluations.tier, 'full'))).toBeGreaterThan(0);
    const instructor = await enrol(await person(), challenge.id, 'instructor');
    const stays = found[pressed.findIndex(({ status }) => status === 'rejected')];
    await runFullProtocol(instructor, stays.submissionId, now);
    expect((await evaluationRow(stays.evaluationId)).tier).toBe('full');
    expect(await database().$count(auditLog, eq(auditLog.action, 'submission.promote'))).toBe(1);
  });
});
