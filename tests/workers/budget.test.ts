// The compute budget of an evaluation: what all its shards together may take, counted by their supervisors.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { database } from '../../lib/db/client.ts';
import { shards } from '../../lib/db/schema.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { startWorker, type RunningWorker } from '../../workers/supervisor.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, person, submit } from '../evaluations/stage.ts';

const protocol: Protocol = {
  name: 'in-two-shards', images: { split: 'test', first: 500 },
  trials: [{ kind: 'clean' }, { kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 20, randomStart: false, restarts: 1, count: 'last' }],
};

let fresh: FreshDatabase;
let worker: RunningWorker;
beforeAll(async () => {
  fresh = await freshDatabase();
  worker = await startWorker({
    name: 'thrifty', concurrency: 1, dataDirectory: await findFashionMnist(), heartbeatSeconds: 0.5, drainSeconds: 0.1,
    childLimits: { budgetSeconds: 0.01, budgetMultiple: 0.001 },
  });
}, 90_000);
afterAll(async () => {
  await worker?.stop();
  await fresh.drop();
});

test('over it an evaluation fails, with what was spent and what the budget is', { timeout: 100_000 }, async () => {
  const { evaluationId } = await submit(await person(), (await challengeOf(protocol)).id);
  await expect.poll(async () => (await evaluationRow(evaluationId)).status, { timeout: 90_000, interval: 50 }).toBe('failed');
  const found = expect.stringMatching(/^processor time of the whole evaluation: 0\.01 s or 0\.001 times its estimate allowed, \d+\.\d s used/);
  expect((await evaluationRow(evaluationId)).failure).toMatchObject({ blame: 'student', problem: { code: 'limit-compute-budget', found } });
  const rows = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId)).orderBy(shards.ordinal);
  expect(rows.map(({ limitsMet }) => limitsMet)).toEqual([['compute-budget'], []]);
  expect(rows[0].processorSeconds).toBeGreaterThan(0.01);
});
