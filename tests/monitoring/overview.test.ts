// The instructor's watch: refused to students, and true about workers, queue and failures.
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { shards, workers } from '../../lib/db/schema.ts';
import { failEvaluation } from '../../lib/evaluations/fail.ts';
import { limits } from '../../lib/limits.ts';
import { overview } from '../../lib/monitoring/overview.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let instructor: Viewer;
let student: Viewer;
let challenge: { id: string };
beforeAll(async () => {
  fresh = await freshDatabase();
  instructor = await person('instructor');
  student = await person();
  challenge = await challengeOf(protocol, instructor);
});
afterAll(() => fresh.drop());

test('is for staff', async () => {
  await expect(overview(student)).rejects.toMatchObject({ status: 403 });
  await expect(overview(null)).rejects.toMatchObject({ status: 401 });
  expect(await overview(instructor)).toMatchObject({
    workers: [],
    queue: { queued: 0, running: 0, oldestSeconds: null },
    running: [],
    stalled: [],
    failures: [],
  });
});

test('tells living workers from silent and stopped ones', async () => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  const worker = (name: string, heartbeat: number, stopped?: number) => ({
    id: randomUUID(),
    name,
    engine: 'onnxruntime-node',
    device: 'cpu',
    concurrency: 2,
    heartbeatAt: ago(heartbeat),
    stoppedAt: stopped === undefined ? null : ago(stopped),
  });
  await database()
    .insert(workers)
    .values([
      worker('alive', 1),
      worker('silent', limits.workerSilenceSeconds + 5),
      worker('stopped', 60, 60),
      worker('long gone', 3 * 86_400, 3 * 86_400),
    ]);
  const { workers: listed } = await overview(instructor);
  expect(listed.map(({ name, state }) => [name, state])).toEqual([
    ['alive', 'alive'],
    ['silent', 'silent'],
    ['stopped', 'stopped'],
  ]);
});

test('counts what waits and runs, and names what runs and what failed', async () => {
  const running = await submit(student, challenge.id);
  const failed = await submit(student, challenge.id);
  const before = await overview(instructor);
  expect(before.queue).toMatchObject({ queued: 6, running: 0, evaluationsWaiting: 2 });

  const [shard] = await database().select().from(shards).where(eq(shards.evaluationId, running.evaluationId)).orderBy(shards.ordinal);
  const [{ id: workerId }] = await database().select().from(workers).where(eq(workers.name, 'alive'));
  await database().update(shards).set({ status: 'running', workerId, startedAt: new Date() }).where(eq(shards.id, shard.id));
  await failEvaluation(failed.evaluationId, { blame: 'platform', message: 'The disk was full.' });

  const after = await overview(instructor);
  expect(after.queue).toMatchObject({ queued: 2, running: 1, failed: 3, evaluationsWaiting: 1 });
  expect(after.running).toMatchObject([{ of: { submissionId: running.submissionId, by: student.name }, trialId: 'mixed', worker: 'alive' }]);
  expect(after.failures).toMatchObject([{ submissionId: failed.submissionId, blame: 'platform', message: 'The disk was full.' }]);
});

test('who is not of the staff of a challenge sees its work without names', async () => {
  const elsewhere = await person('instructor');
  const { running, failures, queue } = await overview(elsewhere);
  expect(running).toMatchObject([{ of: null, trialId: 'mixed', worker: 'alive' }]);
  expect(failures).toEqual([]);
  expect(queue.running).toBe(1);
  const assistant = await enrol(await person(), challenge.id, 'assistant');
  expect((await overview(assistant)).running).toMatchObject([{ of: { by: student.name } }]);
  expect((await overview(await person('administrator'))).failures).toHaveLength(1);
});

test('throughput is of the shards done in the last minutes', async () => {
  const [{ id: workerId }] = await database().select().from(workers).where(eq(workers.name, 'alive'));
  const { evaluationId } = await submit(student, challenge.id);
  await database().update(shards).set({ status: 'done', workerId, finishedAt: new Date() }).where(eq(shards.evaluationId, evaluationId));
  const [{ shards: done, images }] = await database()
    .select({ shards: sql<number>`count(*)::int`, images: sql<number>`sum(end_image - first_image)::int` })
    .from(shards)
    .where(eq(shards.evaluationId, evaluationId));
  const { workers: listed } = await overview(instructor);
  const alive = listed.find(({ name }) => name === 'alive')!;
  expect(alive.shardsPerMinute).toBeCloseTo(done / 10);
  expect(alive.imagesPerSecond).toBeCloseTo(images / 600);
  expect(listed.find(({ name }) => name === 'silent')!.imagesPerSecond).toBe(0);
});
