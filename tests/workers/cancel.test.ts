// A cancelled evaluation stops its child with the next part, is nobody's failure, and leaves the worker to others.
import { and, eq, ne } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { database } from '../../lib/db/client.ts';
import { parts, shards, workers } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { cancelSubmission } from '../../lib/evaluations/cancel.ts';
import { startWorker, type RunningWorker } from '../../workers/supervisor.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, person, submit } from '../evaluations/stage.ts';

const short = parseProtocol({ name: 'short', images: { split: 'test', first: 1000 }, trials: [{ kind: 'clean' }] });
/** Minutes of work, in shards of many parts. */
const long = parseProtocol({
  name: 'long', images: { split: 'test', size: 10_000 },
  trials: [{ kind: 'clean' }, { kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 40, restarts: 20 }],
});
const patient = { timeout: 100_000, interval: 50 };

let fresh: FreshDatabase;
let worker: RunningWorker;
beforeAll(async () => {
  fresh = await freshDatabase();
  worker = await startWorker({ name: 'cancelled', concurrency: 1, dataDirectory: await findFashionMnist(), heartbeatSeconds: 0.5, drainSeconds: 0.1 });
}, 90_000);
afterAll(async () => {
  await worker?.stop();
  await fresh.drop();
});

test('the next one is begun at once, and no failure is counted', { timeout: 200_000 }, async () => {
  const student = await person();
  const cancelled = await submit(student, (await challengeOf(long)).id);
  const attacked = and(eq(parts.evaluationId, cancelled.evaluationId), ne(parts.trialId, 'clean'));
  await expect.poll(() => database().$count(parts, attacked), patient).toBeGreaterThan(0);
  await cancelSubmission(student, cancelled.submissionId);
  const next = await submit(await person(), (await challengeOf(short)).id);
  await expect.poll(async () => (await evaluationRow(next.evaluationId)).status, patient).toBe('finished');
  expect((await evaluationRow(cancelled.evaluationId)).status).toBe('cancelled');
  // The clean shards of both were done; the attack's was given up half-way.
  await expect.poll(async () => (await database().select().from(workers))[0], patient).toMatchObject({ shardsDone: 2, childFailures: 0, stoppedAt: null });
  expect(await database().$count(shards, and(eq(shards.evaluationId, cancelled.evaluationId), eq(shards.status, 'done')))).toBe(1);
  expect(await database().$count(shards, eq(shards.status, 'running'))).toBe(0);
});
