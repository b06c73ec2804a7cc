// A re-evaluation by a real worker: planned, run behind live work, compared; the same model on the same images gives the same bits.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { database } from '../../lib/db/client.ts';
import { evaluations, shards } from '../../lib/db/schema.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { applyReevaluation } from '../../lib/evaluations/decide-reevaluation.ts';
import { startReevaluation } from '../../lib/evaluations/reevaluate.ts';
import { getReevaluation } from '../../lib/evaluations/reevaluations.ts';
import { requestSimilarity, similarityOf } from '../../lib/leaderboard/similarity.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { startWorker, type RunningWorker } from '../../workers/supervisor.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, linearModel, person, submit } from '../evaluations/stage.ts';

const protocol: Protocol = {
  name: 'small',
  images: { split: 'test', size: 200 },
  trials: [{ kind: 'clean' }, { kind: 'mixed' }, { kind: 'mixed', images: { split: 'train', size: 100 }, scored: false }],
};
const patient = { timeout: 100_000, interval: 100 };

let fresh: FreshDatabase;
let teacher: Viewer;
let worker: RunningWorker;
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
  worker = await startWorker({ name: 'w', concurrency: 1, dataDirectory: await findFashionMnist(), heartbeatSeconds: 0.5, drainSeconds: 5 });
}, 120_000);
afterAll(async () => {
  await worker.stop();
  await fresh.drop();
});

test('planned, run and compared by a worker, bit for bit as before, after what was sent in meanwhile', { timeout: 300_000 }, async () => {
  const { id: challengeId, slug } = await challengeOf(protocol, teacher);
  const [a, b] = [await person(), await person()];
  const first = await submit(a, challengeId, linearModel(1));
  const status = async ({ submissionId }: typeof first) => (await getSubmission(teacher, submissionId)).evaluation.status;
  await expect.poll(() => status(first), patient).toBe('finished');

  const { id } = await startReevaluation(teacher, slug, { phase: 'public', which: 'all', reason: 'To be sure.' });
  const live = await submit(b, challengeId, linearModel(2));
  await expect.poll(async () => (await getReevaluation(teacher, slug, id)).comparison, patient).not.toBeNull();
  const { comparison, tally } = await getReevaluation(teacher, slug, id);
  expect(tally).toEqual({ all: 1, finished: 1, failed: 0, unfinished: 0, left: 1 });
  expect(comparison).toMatchObject({ changedCells: 0, sharedCells: 3 });
  // At most the shard that ran when it came was before it.
  expect(await status(live)).toBe('finished');
  const ended = async (evaluationId: string) =>
    (await database().select().from(shards).where(eq(shards.evaluationId, evaluationId))).map(({ finishedAt }) => finishedAt!.getTime());
  const [again] = await database().select().from(evaluations).where(eq(evaluations.reevaluationId, id));
  expect(Math.max(...(await ended(live.evaluationId)))).toBeLessThan(Math.max(...(await ended(again.id))));

  await applyReevaluation(teacher, slug, id);
  expect((await getSubmission(a, first.submissionId)).evaluation.id).toBe(again.id);

  await requestSimilarity(teacher, slug);
  await expect.poll(async () => (await similarityOf(teacher, slug)).state, patient).toBe('ready');
  expect((await similarityOf(teacher, slug)).report).toMatchObject({ models: 2, pairs: 0 });
});
