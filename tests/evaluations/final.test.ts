// The final phase: what counts is entered once, under another seed, behind everything that students wait for.
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { setDeadline } from '../../lib/challenges/close.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { challenges, evaluations, members, shards, submissions } from '../../lib/db/schema.ts';
import { enterFinal } from '../../lib/evaluations/enter-final.ts';
import { resultsOf } from '../../lib/evaluations/results.ts';
import { board } from '../../lib/leaderboard/board.ts';
import { priorities, shardJobSchema, shardsIn } from '../../lib/queue/jobs.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { deriveKey } from '../../lib/random.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person, ruled, submit, endShards } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let teacher: Viewer;
let challenge: { id: string; slug: string };
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
});
beforeEach(async () => {
  challenge = await challengeOf(protocol, teacher);
  await database().update(challenges).set({ opensAt: new Date(Date.now() - 60_000) }).where(eq(challenges.id, challenge.id));
});
afterAll(() => fresh.drop());

const outcomes = (mixed: number) => ({ mixed, clean: 300, 'mixed+shift': 300 });
const shut = () => setDeadline(teacher, challenge.slug, new Date(Date.now() - 1000));
async function entries(): Promise<string[]> {
  const [, { id }] = (await getChallenge(challenge.slug)).phases;
  const rows = await database().select({ name: submissions.name }).from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId)).where(eq(evaluations.phaseId, id));
  return rows.map(({ name }) => name).toSorted();
}

test('each student enters with the best, the baselines all, failures not at all; again changes nothing', async () => {
  const [a, b, c] = await Promise.all([person(), person(), person()]);
  await evaluated(a, challenge.id, outcomes(200), { name: 'a worse' });
  await evaluated(a, challenge.id, outcomes(300), { name: 'a best' });
  await evaluated(b, challenge.id, outcomes(100), { name: 'b only' });
  await evaluated(c, challenge.id, {}, { name: 'c failed', failure: { blame: 'platform', message: 'a test' } });
  await evaluated(teacher, challenge.id, outcomes(90), { name: 'baseline 1', baseline: true });
  await evaluated(teacher, challenge.id, outcomes(80), { name: 'baseline 2', baseline: true });
  await expect(enterFinal(teacher, challenge.slug)).rejects.toMatchObject({ status: 409, message: expect.stringMatching(/has closed/) });
  await shut();
  const both = await Promise.all([enterFinal(teacher, challenge.slug), enterFinal(teacher, challenge.slug)]);
  expect(both[0].entered + both[1].entered).toBe(4);
  expect(await entries()).toEqual(['a best', 'b only', 'baseline 1', 'baseline 2']);
  expect(await enterFinal(teacher, challenge.slug)).toEqual({ entered: 0, already: 4, failed: 1 });
  expect((await board(null, challenge.slug, 'final')).rows.map(({ name }) => name).toSorted()).toEqual(await entries());
  expect((await board(null, challenge.slug)).rows).toHaveLength(4);
});

test('what could still come to count is waited for; a student who was entered stays with that submission', async () => {
  const a = await person();
  const measured = await evaluated(a, challenge.id, outcomes(200), { name: 'measured' });
  const late = await evaluated(a, challenge.id, {}, { name: 'late' });
  await shut();
  const message = expect.stringMatching(/^1 evaluations of the public phase/);
  await expect(enterFinal(teacher, challenge.slug)).rejects.toMatchObject({ status: 409, message });
  expect(await enterFinal(teacher, challenge.slug, { anyway: true })).toMatchObject({ entered: 1 });
  const score = (await getSubmission(a, measured.submissionId)).evaluation.score!;
  const better = { ...score, mixed: { ...score.mixed!, value: 0.99 } };
  await endShards(late.evaluationId, true);
  await database().update(evaluations).set({ status: 'finished', finishedAt: new Date(), score: better })
    .where(eq(evaluations.id, late.evaluationId));
  expect(await enterFinal(teacher, challenge.slug)).toEqual({ entered: 0, already: 1, failed: 0 });
  expect(await entries()).toEqual(['measured']);
});

test('late submissions and extensions are waited for', async () => {
  await evaluated(await person(), challenge.id, outcomes(200));
  await shut();
  await ruled(challenge.id, { lateHours: 1 });
  const message = expect.stringMatching(/^Somebody may submit until/);
  await expect(enterFinal(teacher, challenge.slug)).rejects.toMatchObject({ status: 409, message });
  await ruled(challenge.id, {});
  await database().update(members).set({ extendedUntil: new Date(Date.now() + 60_000) }).where(eq(members.challengeId, challenge.id));
  await expect(enterFinal(teacher, challenge.slug)).rejects.toMatchObject({ status: 409, message });
  expect(await enterFinal(teacher, challenge.slug, { anyway: true })).toMatchObject({ entered: 1 });
});

test('its jobs hold keys of the final seed, never the seed, and stand behind every student’s', async () => {
  const a = await person();
  const { submissionId } = await evaluated(a, challenge.id, outcomes(200));
  await shut();
  await enterFinal(teacher, challenge.slug);
  const { evaluation } = await getSubmission(a, submissionId, 'final');
  const own = await database().select().from(shards).where(eq(shards.evaluationId, evaluation.id)).orderBy(shards.ordinal);
  expect(own.map(({ trialId }) => trialId)).toEqual(['mixed', 'clean', 'mixed+shift']);
  expect(own.map(({ priority }) => priority)).toEqual([priorities.final, priorities.final, priorities.final + 1]);

  const ids = own.map(({ id }) => id);
  const jobs = (await rawSql()`select payload from graphile_worker._private_jobs`).flatMap(({ payload }) => shardsIn(shardJobSchema.parse(payload)))
    .filter(({ shardId }) => ids.includes(shardId));
  expect(jobs).toHaveLength(3);
  const rowsOfPhases = await rawSql()`select encode(seed, 'hex') as seed from phases where challenge_id = ${challenge.id} order by kind`;
  const seeds = rowsOfPhases.map(({ seed }) => seed as string);
  for (const { keys } of jobs) {
    for (const { key, purpose, trialId, role } of keys) expect(key).toEqual(deriveKey(seeds[1], purpose, trialId, role));
    expect(keys.length).toBeGreaterThan(0);
  }
  const everything = await rawSql()`select payload from graphile_worker._private_jobs`;
  for (const seed of seeds) expect(JSON.stringify(everything)).not.toContain(seed);

  // The student's next upload, to another challenge, waits for none of them.
  const elsewhere = await challengeOf(protocol, teacher);
  const next = await submit(a, elsewhere.id);
  const rows = await database().select({ priority: shards.priority }).from(shards).where(inArray(shards.evaluationId, [next.evaluationId]));
  expect(Math.max(...rows.map(({ priority }) => priority))).toBe(priorities.rest);
});

test('results are of the phase asked for', async () => {
  const a = await person();
  const { submissionId } = await evaluated(a, challenge.id, outcomes(200));
  const stays = await evaluated(a, challenge.id, outcomes(100));
  await shut();
  await enterFinal(teacher, challenge.slug);
  expect(await resultsOf(a, submissionId)).toMatchObject({ status: 'finished', score: { mixed: { value: 0.5 } } });
  expect(await resultsOf(a, submissionId, 'final')).toMatchObject({ status: 'queued', score: null, cells: [] });
  expect((await getSubmission(a, submissionId)).phases).toEqual(['public', 'final']);
  expect((await getSubmission(a, stays.submissionId)).phases).toEqual(['public']);
  await expect(resultsOf(a, stays.submissionId, 'final')).rejects.toMatchObject({ status: 404 });
  await expect(resultsOf(await person(), submissionId, 'final')).rejects.toMatchObject({ status: 404 });
});
