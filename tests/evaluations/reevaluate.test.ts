// Re-evaluations: beside the old results, behind all live work, compared before anything changes, applied whole or not at all.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { auditLog, cells, challenges, evaluations, phases, reevaluations, shards, submissions } from '../../lib/db/schema.ts';
import { score } from '../../lib/evaluation/score.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { applyReevaluation, cancelReevaluation, extendReevaluation } from '../../lib/evaluations/decide-reevaluation.ts';
import { classFor } from '../../lib/evaluations/numerics.ts';
import { planReevaluation } from '../../lib/evaluations/plan-reevaluation.ts';
import { startReevaluation, type Rerun } from '../../lib/evaluations/reevaluate.ts';
import { getReevaluation, listReevaluations } from '../../lib/evaluations/reevaluations.ts';
import { receiptOf } from '../../lib/evaluations/receipt.ts';
import { rerunsOf } from '../../lib/evaluations/reruns.ts';
import { resultsOf } from '../../lib/evaluations/results.ts';
import { takeShard } from '../../lib/evaluations/work.ts';
import { board } from '../../lib/leaderboard/board.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { priorities, shardJobSchema, shardsIn } from '../../lib/queue/jobs.ts';
import { deriveKey } from '../../lib/random.ts';
import { allowanceOf } from '../../lib/submissions/allowance.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit, endShards } from './stage.ts';
import { cellOf, evaluated, protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let teacher: Viewer;
let challenge: { id: string; slug: string };
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
});
beforeEach(async () => void (challenge = await challengeOf(protocol, teacher)));
afterAll(() => fresh.drop());

const outcomes = (mixed: number) => ({ mixed, clean: 300, 'mixed+shift': 300 });
const start = (rerun: Partial<Rerun> = {}) => startReevaluation(teacher, challenge.slug, { phase: 'public', which: 'all', reason: 'A bug is fixed.', ...rerun });
const detail = (id: string) => getReevaluation(teacher, challenge.slug, id);
const apply = (id: string, options = {}) => applyReevaluation(teacher, challenge.slug, id, options);
async function publicPhase() {
  const [phase] = await database().select().from(phases).where(and(eq(phases.challengeId, challenge.id), eq(phases.kind, 'public')));
  return phase;
}
async function again(setId: string, submissionId: string) {
  const mine = and(eq(evaluations.reevaluationId, setId), eq(evaluations.submissionId, submissionId));
  const [row] = await database().select().from(evaluations).where(mine);
  return row;
}
/** Lets an evaluation of a set end with these many right images a trial, or fail. */
async function end(setId: string, submissionId: string, right: Record<string, number> | null): Promise<void> {
  const { id, ...row } = await again(setId, submissionId);
  const own = row.protocol as Protocol;
  const rows = Object.entries(right ?? {}).map(([trialId, count]) => cellOf(trialId, (i) => i < count));
  if (rows.length > 0) await database().insert(cells).values(rows.map((cell) => ({ ...cell, evaluationId: id })));
  const found = score(own, new Map(rows.map((cell) => [cell.trialId, cell])), { report: { operatorsWithoutGradient: [] } });
  const result = right ? { status: 'finished' as const, score: found } : { status: 'failed' as const, failure: { blame: 'platform' as const, message: 'a test' } };
  await endShards(id, right !== null);
  await database().update(evaluations).set({ ...result, finishedAt: new Date() }).where(eq(evaluations.id, id));
}
const rank = async () => rankPhase((await publicPhase()).id);
const scores = async () => (await board(null, challenge.slug)).rows.map((row) => [row.name, row.score?.mixed?.value, row.rank?.rank]);

test('runs beside the old results under the same seed, behind everything, without a submission or anything shown', async () => {
  const a = await person();
  const { submissionId, evaluationId } = await evaluated(a, challenge.id, outcomes(200), { name: 'a' });
  await rank();
  const { id } = await start();
  await planReevaluation(id);
  const { id: newId, current, status } = await again(id, submissionId);
  expect({ current, status }).toEqual({ current: false, status: 'queued' });
  const own = await database().select().from(shards).where(eq(shards.evaluationId, newId)).orderBy(shards.ordinal);
  expect(own.map(({ trialId, priority }) => [trialId, priority])).toEqual([
    ['mixed', priorities.reevaluation], ['clean', priorities.reevaluation], ['mixed+shift', priorities.reevaluation + 1],
  ]);
  const seed = Buffer.from((await publicPhase()).seed).toString('hex');
  const jobs = (await rawSql()`select payload from graphile_worker._private_jobs where payload ->> 'shardId' is not null`)
    .flatMap(({ payload }) => shardsIn(shardJobSchema.parse(payload))).filter(({ shardId }) => own.some((shard) => shard.id === shardId));
  expect(jobs).toHaveLength(3);
  for (const { keys } of jobs) for (const { key, purpose, trialId, role } of keys) expect(key).toEqual(deriveKey(seed, purpose, trialId, role));

  expect(await database().$count(submissions, eq(submissions.userId, a.id))).toBe(1);
  expect((await resultsOf(a, submissionId)).evaluationId).toBe(evaluationId);
  expect((await receiptOf(a, submissionId)).receipt.evaluation.id).toBe(evaluationId);
  expect((await getSubmission(a, submissionId)).phases).toEqual(['public']);
  expect(await scores()).toEqual([['a', 0.5, 1]]);
  expect(await rerunsOf(a, submissionId)).toMatchObject([{ status: 'running', reason: 'A bug is fixed.' }]);
  await expect(rerunsOf(await person(), submissionId)).rejects.toMatchObject({ status: 404 });
});

test('a bulk one delays nobody: whatever is sent in afterwards is claimed first, by those in the set too', async () => {
  const people = await Promise.all(Array.from({ length: 21 }, () => person()));
  await Promise.all(people.map((one) => evaluated(one, challenge.id, outcomes(200))));
  await rawSql()`delete from graphile_worker._private_jobs`;
  const { id, submissions: all } = await start();
  expect(all).toBe(21);
  await planReevaluation(id);
  const planned = () => database().$count(shards, inArray(shards.evaluationId, database().select({ id: evaluations.id }).from(evaluations).where(eq(evaluations.reevaluationId, id))));
  expect(await planned()).toBe(20 * 3);
  await planReevaluation(id);
  await planReevaluation(id);
  expect(await planned()).toBe(21 * 3);
  const live = await submit(people[0], challenge.id);
  const claimed = (await rawSql()`select payload from graphile_worker._private_jobs where payload ->> 'shardId' is not null order by priority, run_at`)
    .flatMap(({ payload }) => shardsIn(shardJobSchema.parse(payload))).slice(0, 3);
  const own = await database().select().from(shards).where(eq(shards.evaluationId, live.evaluationId));
  expect(claimed.map(({ shardId }) => shardId).toSorted()).toEqual(own.map((shard) => shard.id).toSorted());
  expect(Math.max(...own.map(({ priority }) => priority))).toBe(priorities.rest);
});

test('the change of the board is computed by the ranking and shown before anything is different', async () => {
  const [a, b] = [await person(), await person()];
  const first = await evaluated(a, challenge.id, outcomes(300), { name: 'a' });
  const second = await evaluated(b, challenge.id, outcomes(200), { name: 'b' });
  await rank();
  const { id } = await start();
  await end(id, first.submissionId, outcomes(100));
  await rank();
  expect((await detail(id)).comparison).toBeNull();
  await end(id, second.submissionId, { ...outcomes(200), clean: 299 });
  await rank();
  const { comparison, missing, tally } = await detail(id);
  expect(missing).toEqual([]);
  expect(tally).toEqual({ all: 2, finished: 2, failed: 0, unfinished: 0, left: 0 });
  expect(comparison).toMatchObject({
    metric: 'mixed', changedCells: 2, sharedCells: 6,
    rows: [
      { name: 'a', before: { rank: { rank: 1 }, scores: { mixed: 0.75 } }, after: { rank: { rank: 2 }, scores: { mixed: 0.25 } }, cells: { shared: 3, changed: 1 } },
      { name: 'b', before: { rank: { rank: 2 }, scores: { clean: 0.75 } }, after: { rank: { rank: 1 }, scores: { clean: 0.7475 } }, cells: { shared: 3, changed: 1 } },
    ],
  });
  expect(await scores()).toEqual([['a', 0.75, 1], ['b', 0.5, 2]]);

  await apply(id);
  await rank();
  expect(await scores()).toEqual([['b', 0.5, 1], ['a', 0.25, 2]]);
  expect((await resultsOf(a, first.submissionId)).evaluationId).toBe((await again(id, first.submissionId)).id);
  expect(await rerunsOf(a, first.submissionId)).toMatchObject([{ status: 'applied', reason: 'A bug is fixed.' }]);
  expect((await detail(id)).comparison).toEqual(comparison);
  expect(await database().$count(submissions, eq(submissions.userId, a.id))).toBe(1);
  await expect(apply(id)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/was applied at/) });
  await expect(cancelReevaluation(teacher, challenge.slug, id)).rejects.toMatchObject({ status: 409 });
});

test('while it runs or when some failed it is not applied; anyway keeps the old results of what failed', async () => {
  const [a, b] = [await person(), await person()];
  const first = await evaluated(a, challenge.id, outcomes(300), { name: 'a' });
  const second = await evaluated(b, challenge.id, outcomes(200), { name: 'b' });
  const { id } = await start();
  await expect(apply(id, { anyway: true })).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/^2 of its 2 evaluations have not ended/) });
  await end(id, first.submissionId, outcomes(380));
  await end(id, second.submissionId, null);
  await expect(apply(id)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/^1 of its 2 evaluations failed/) });
  await apply(id, { anyway: true });
  await rank();
  expect(await scores()).toEqual([['a', 0.95, 1], ['b', 0.5, 2]]);
  expect((await resultsOf(b, second.submissionId)).evaluationId).toBe(second.evaluationId);
  expect(await rerunsOf(b, second.submissionId)).toEqual([]);
});

test('cancelled, it leaves everything as it was, its waiting shards have nothing to do, and what it measured stays', async () => {
  const [a, b] = [await person(), await person()];
  const first = await evaluated(a, challenge.id, outcomes(300));
  await evaluated(b, challenge.id, outcomes(200));
  const { id } = await start();
  await planReevaluation(id);
  await end(id, first.submissionId, outcomes(100));
  await cancelReevaluation(teacher, challenge.slug, id);
  const waiting = await database().select({ id: shards.id }).from(shards)
    .innerJoin(evaluations, and(eq(evaluations.id, shards.evaluationId), eq(evaluations.reevaluationId, id), eq(evaluations.status, 'cancelled')));
  expect(waiting).toHaveLength(3);
  for (const shard of waiting) expect(await takeShard(shard.id, crypto.randomUUID())).toBeNull();
  await rank();
  expect((await scores()).map(([, value]) => value)).toEqual([0.75, 0.5]);
  expect(await database().$count(cells, eq(cells.evaluationId, (await again(id, first.submissionId)).id))).toBe(3);
  expect(await rerunsOf(a, first.submissionId)).toEqual([]);
  const [{ status }] = await database().select().from(reevaluations).where(eq(reevaluations.id, id));
  expect(status).toBe('cancelled');
});

test('only what failed by the platform’s fault, or only what is named, and no submission in two sets at once', async () => {
  const [a, b, c] = [await person(), await person(), await person()];
  const problem = { code: 'x', found: 'f', wanted: 'w', fix: 'x' } as const;
  const ours = await evaluated(a, challenge.id, {}, { failure: { blame: 'platform', message: 'a test' } });
  await evaluated(b, challenge.id, {}, { failure: { blame: 'student', problem: problem as never } });
  const fine = await evaluated(c, challenge.id, outcomes(200));
  const failed = await start({ which: 'failed' });
  expect(failed.submissions).toBe(1);
  await expect(start({ which: [ours.submissionId] })).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/^1 of these/) });
  await expect(start({ which: 'failed' })).rejects.toMatchObject({ status: 409, message: 'There is nothing to run again.' });
  const named = await start({ which: [fine.submissionId] });
  expect(named.submissions).toBe(1);
  await end(failed.id, ours.submissionId, outcomes(390));
  await apply(failed.id);
  await rank();
  expect((await scores())[0]).toEqual(['a model', 0.975, 1]);
});

test('no quota is used, and none given back: not while it runs, and not when it is applied', async () => {
  const student = await person();
  await evaluated(student, challenge.id, outcomes(300));
  const failed = await evaluated(student, challenge.id, {}, { failure: { blame: 'platform', message: 'a test' } });
  const used = async () => {
    const { successes, attempts, concurrent, full } = await allowanceOf(student, challenge.slug);
    return [successes, attempts, concurrent, full].map((quota) => quota.used);
  };
  const before = await used();
  expect(before.slice(0, 3)).toEqual([1, 1, 0]);
  const { id } = await start();
  expect(await used()).toEqual(before);
  for (const row of await database().select().from(evaluations).where(eq(evaluations.reevaluationId, id))) await end(id, row.submissionId, outcomes(310));
  expect(await used()).toEqual(before);
  await apply(id);
  expect((await resultsOf(student, failed.submissionId)).status).toBe('finished');
  expect(await used()).toEqual(before);
});

describe('another version of the protocol', () => {
  const next = { ...protocol, name: 'tiny-2', trials: [...protocol.trials, { kind: 'clean', tta: { policy: 'shift' } }] };
  const own = { name: 'own', own: JSON.stringify(next) };

  test('is compared on what both measure, applied only as a whole, and then the challenge’s', async () => {
    const [a, b] = [await person(), await person()];
    const first = await evaluated(a, challenge.id, outcomes(300), { name: 'a' });
    const trial = await start({ which: [first.submissionId], protocol: own });
    await end(trial.id, first.submissionId, outcomes(310));
    const second = await evaluated(b, challenge.id, outcomes(200), { name: 'b' });
    await rank();
    expect(await detail(trial.id)).toMatchObject({
      changes: true, tally: { left: 1 }, missing: [{ mayGoOn: false }],
      comparison: { rows: [{ after: { scores: { mixed: 0.775 } } }, { before: { scores: { mixed: 0.5 } }, after: null }] },
    });
    await expect(apply(trial.id, { anyway: true })).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/^1 submissions of the phase are not in it/) });
    await expect(start({ which: [second.submissionId] })).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/runs alone/) });
    expect(await extendReevaluation(teacher, challenge.slug, trial.id)).toBe(1);
    expect((await detail(trial.id)).comparison).toBeNull();
    await end(trial.id, second.submissionId, null);
    await apply(trial.id, { anyway: true });
    await rank();
    expect((await getChallenge(challenge.slug)).protocol).toMatchObject({ name: 'tiny-2' });
    // The old result of what failed is of another protocol, so it stands without one.
    expect((await board(teacher, challenge.slug)).rows.map((row) => [row.name, row.score?.mixed?.value ?? null])).toContainEqual(['a', 0.775]);
    expect((await resultsOf(b, second.submissionId)).status).toBe('failed');
    const names = await database().selectDistinct({ name: sql<string>`${evaluations.protocol} ->> 'name'` }).from(evaluations)
      .where(and(eq(evaluations.phaseId, (await publicPhase()).id), evaluations.current));
    expect(names).toEqual([{ name: 'tiny-2' }]);
  });

  test('is refused under the old name, and when the board could not be ranked by it', async () => {
    await evaluated(await person(), challenge.id, outcomes(300));
    await expect(start({ protocol: { name: 'own', own: JSON.stringify({ ...next, name: 'tiny' }) } })).rejects.toMatchObject({ status: 400, message: expect.stringMatching(/name of the present protocol/) });
    const unmeasured = { name: 'own', own: JSON.stringify({ name: 'other', trials: [{ kind: 'clean' }] }) };
    await expect(start({ protocol: unmeasured })).rejects.toMatchObject({ status: 400, message: expect.stringMatching(/cannot be ranked by mixed/) });
    expect(await database().$count(reevaluations, eq(reevaluations.phaseId, (await publicPhase()).id))).toBe(0);
  });
});

test('a class of its own never mixes with the phase’s: all of it or nothing', async () => {
  const attacked: Protocol = { ...protocol, name: 'attacked', trials: [...protocol.trials, { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 }] };
  challenge = await challengeOf(attacked, teacher);
  const [a, b] = [await person(), await person()];
  const first = await submit(a, challenge.id);
  const attackOf = async (evaluationId: string) => {
    const [shard] = await database().select().from(shards).where(and(eq(shards.evaluationId, evaluationId), shards.attack));
    return shard.id;
  };
  expect(await classFor(await attackOf(first.evaluationId), 'old')).toBe('old');
  const { id } = await start({ newClass: true });
  await planReevaluation(id);
  expect(await classFor(await attackOf((await again(id, first.submissionId)).id), 'new')).toBe('new');
  expect(await classFor(await attackOf((await again(id, first.submissionId)).id), 'old')).toBe('new');
  expect((await publicPhase()).numericsClass).toBe('old');
  const all = { ...outcomes(300), 'fgsm/linf/0.02': 100 };
  await end(id, first.submissionId, all);
  const second = await submit(b, challenge.id);
  await expect(apply(id, { anyway: true })).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/two kinds of workers/) });
  await extendReevaluation(teacher, challenge.slug, id);
  await end(id, second.submissionId, all);
  await apply(id);
  expect((await publicPhase()).numericsClass).toBe('new');
  // What still waited for the old class waits no more.
  expect(await takeShard(await attackOf(first.evaluationId), crypto.randomUUID())).toBeNull();
});

test('it is for the challenge’s own instructors, written down, and refused without a reason or in the archive', async () => {
  const { submissionId } = await evaluated(await person(), challenge.id, outcomes(200));
  const rerun: Rerun = { phase: 'public', which: 'all', reason: 'Why.' };
  const assistant = await enrol(await person(), challenge.id, 'assistant');
  for (const [viewer, status] of [[null, 401], [await person(), 403], [await person('instructor'), 403], [assistant, 403]] as const) {
    await expect(startReevaluation(viewer, challenge.slug, rerun)).rejects.toMatchObject({ status });
  }
  await expect(listReevaluations(await person('instructor'), challenge.slug)).rejects.toMatchObject({ status: 403 });
  await expect(start({ reason: '  ' })).rejects.toMatchObject({ status: 400 });
  const { id } = await start();
  expect(await listReevaluations(assistant, challenge.slug)).toMatchObject([{ id, status: 'running', reason: 'A bug is fixed.', tally: { all: 1, unfinished: 1 } }]);
  await end(id, submissionId, outcomes(210));
  const elsewhere = await challengeOf(protocol, teacher);
  await expect(applyReevaluation(teacher, elsewhere.slug, id)).rejects.toMatchObject({ status: 404 });
  await apply(id);
  const acts = await database().select().from(auditLog).where(eq(auditLog.challengeId, challenge.id)).orderBy(auditLog.id);
  expect(acts.map(({ action, subject, actorId }) => [action, subject, actorId])).toEqual([
    ['reevaluation.start', id, teacher.id], ['reevaluation.apply', id, teacher.id],
  ]);
  await database().update(challenges).set({ archivedAt: new Date() }).where(eq(challenges.id, challenge.id));
  await expect(start()).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/archived/) });
  expect(await database().$count(submissions, eq(submissions.challengeId, challenge.id))).toBe(1);
});
