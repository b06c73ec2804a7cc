// What is decided of a shard that failed: every limit under its own name, nothing for ever, and nothing of others touched.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { database } from '../../lib/db/client.ts';
import { evaluations, shards } from '../../lib/db/schema.ts';
import { childLimits } from '../../lib/child-limits.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { logOf } from '../../lib/evaluations/log.ts';
import { resultsOf } from '../../lib/evaluations/results.ts';
import { takeShard, type Work } from '../../lib/evaluations/work.ts';
import { allowanceOf } from '../../lib/submissions/allowance.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { ChildFailure, type Cause } from '../../workers/evaluator.ts';
import { judge } from '../../workers/verdict.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, person, submit } from '../evaluations/stage.ts';

const protocol: Protocol = { name: 'short', images: { split: 'test', first: 1000 }, trials: [{ kind: 'clean' }] };
const workerId = '00000000-0000-4000-8000-000000000001';
const well = async () => {};

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

async function begun(challenge?: { id: string; slug: string }) {
  const student = await person();
  const where = challenge ?? (await challengeOf(protocol));
  const entered = await submit(student, where.id);
  const [shard] = await database().select().from(shards).where(eq(shards.evaluationId, entered.evaluationId));
  return { student, challenge: where, ...entered, work: (await takeShard(shard.id, workerId))! as Work };
}

test.each([...Object.keys(childLimits), 'crash', 'error'] as Cause[])('“%s”, met in two children, is told by its own name, with what was seen and what to do', async (because) => {
  const { work, evaluationId } = await begun();
  const failed = () => judge(new ChildFailure(because, `Seen: ${because}.`), work, well);
  // The budget is met by all shards together: there is nothing to see twice.
  if (because !== 'compute-budget') {
    expect(await failed()).toBe('again');
    expect((await evaluationRow(evaluationId)).status).toBe('running');
  }
  expect(await failed()).toBe('over');
  const { failure } = await evaluationRow(evaluationId);
  const code = because === 'error' ? 'run-error' : because === 'crash' ? 'crash' : `limit-${because}`;
  expect(failure).toMatchObject({ blame: 'student', problem: { code, found: expect.stringContaining(`Seen: ${because}.`), wanted: /\S/, fix: /\S/ } });
});

test('what fails for reasons of ours circles five times, costs nothing, says so on its page, and is in nobody else’s way', async () => {
  const { work, student, challenge, evaluationId, submissionId } = await begun();
  const other = await begun(challenge);
  for (let i = 0; i < 4; i++) expect(await judge(new Error('disk full'), work, well)).toBe('later');
  expect(await judge(new Error('disk full'), work, well)).toBe('over');
  const { status, failure } = await evaluationRow(evaluationId);
  expect([status, failure]).toEqual(['failed', { blame: 'platform', message: expect.stringMatching(/failed 5 times .* costs nothing/) }]);
  expect((await allowanceOf(student, challenge.slug)).attempts.used).toBe(0);
  const { entries } = await logOf(await getSubmission(student, submissionId), { etaSeconds: null, startsInSeconds: null });
  expect(entries.find(({ kind }) => kind === 'trouble')).toMatchObject({ platformFailures: 5, resolved: false });
  expect((await resultsOf(student, submissionId)).failure).toEqual(failure);

  // Its challenge, and others, go on: nothing was switched off.
  expect((await evaluationRow(other.evaluationId)).status).toBe('running');
  expect((await begun(challenge)).work).toBeTruthy();
  expect((await begun()).work).toBeTruthy();
});

test('a worker on which a baseline fails too blames nobody: it leaves, and the shard is another’s', async () => {
  const { work, evaluationId } = await begun();
  const ill = vi.fn(async () => {
    throw new Error('0 of 64 right');
  });
  expect(await judge(new ChildFailure('memory', 'x'), work, ill)).toBe('again');
  expect(await judge(new ChildFailure('memory', 'x'), work, ill)).toBe('leave');
  expect(ill).toHaveBeenCalledOnce();
  expect((await evaluationRow(evaluationId)).status).toBe('running');
});

test('an evaluation cannot be failed without a reason, nor finished without a score: the database takes neither', async () => {
  const { evaluationId } = await begun();
  const set = (values: object) => database().update(evaluations).set(values).where(eq(evaluations.id, evaluationId));
  await expect(set({ status: 'failed', finishedAt: new Date() })).rejects.toMatchObject({ cause: { constraint_name: 'evaluations_failed_has_reason' } });
  await expect(set({ status: 'finished', finishedAt: new Date() })).rejects.toMatchObject({ cause: { constraint_name: 'evaluations_finished_has_score' } });
});
