// What an instructor watches: the workers, the queue, what runs and what failed. Reads our own tables only.
import { desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { isStaff } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, shards, submissions, users, workers, type Failure } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { limits } from '../limits.ts';
import { stalledClasses, type StalledClass } from './stalled.ts';

export type WorkerView = {
  id: string;
  name: string;
  engine: string;
  device: string;
  concurrency: number;
  missingLayers: string[];
  shardsDone: number;
  childFailures: number;
  startedAt: string;
  heartbeatAt: string;
  /** `silent`: no heartbeat for longer than a worker may take, and no goodbye. */
  state: 'alive' | 'silent' | 'stopped';
  /** Seconds since the last heartbeat, by the database's clock. */
  silentSeconds: number;
};

export type RunningShard = {
  submissionId: string;
  submission: string;
  by: string;
  trialId: string;
  images: number;
  worker: string | null;
  seconds: number;
};
export type FailureView = {
  submissionId: string;
  submission: string;
  by: string;
  blame: Failure['blame'];
  message: string;
  at: string | null;
};

export type Overview = {
  workers: WorkerView[];
  queue: {
    queued: number;
    running: number;
    failed: number;
    doneLastHour: number;
    oldestSeconds: number | null;
    evaluationsWaiting: number;
  };
  running: RunningShard[];
  stalled: StalledClass[];
  /** Newest first, at most 20. */
  failures: FailureView[];
};

const shown = 20;

/** Throws RequestError 401 and 403 unless the viewer is of the staff of a challenge. Workers that left more than a day ago are not listed. */
export async function overview(viewer: Viewer | null): Promise<Overview> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  if (!(await isStaff(viewer))) throw new RequestError(403, 'Only the staff of a challenge watches the workers.');
  const [all, queue, running, stalled, failures] = await Promise.all([
    listWorkers(), queueDepth(), runningShards(), stalledClasses(), recentFailures(),
  ]);
  return { workers: all, queue, running, stalled, failures };
}

async function listWorkers(): Promise<WorkerView[]> {
  const silent = sql<number>`extract(epoch from now() - ${workers.heartbeatAt})::float8`;
  const rows = await database()
    .select({ worker: workers, silent })
    .from(workers)
    .where(gt(workers.heartbeatAt, sql`now() - interval '1 day'`))
    .orderBy(sql`${workers.stoppedAt} is not null`, workers.name, desc(workers.startedAt));
  return rows.map(({ worker, silent: silentSeconds }) => ({
    id: worker.id,
    name: worker.name,
    engine: worker.engine,
    device: worker.device,
    concurrency: worker.concurrency,
    missingLayers: worker.missingLayers,
    shardsDone: worker.shardsDone,
    childFailures: worker.childFailures,
    startedAt: worker.startedAt.toISOString(),
    heartbeatAt: worker.heartbeatAt.toISOString(),
    state: worker.stoppedAt ? 'stopped' : silentSeconds > limits.workerSilenceSeconds ? 'silent' : 'alive',
    silentSeconds,
  }));
}

async function queueDepth(): Promise<Overview['queue']> {
  const number = (expression: ReturnType<typeof sql>) => sql<number>`(${expression})::float8`;
  const [row] = await database()
    .select({
      queued: number(sql`count(*) filter (where ${shards.status} = 'queued')`),
      running: number(sql`count(*) filter (where ${shards.status} = 'running')`),
      failed: number(sql`count(*) filter (where ${shards.status} = 'failed')`),
      doneLastHour: number(sql`count(*) filter (where ${shards.status} = 'done' and ${shards.finishedAt} > now() - interval '1 hour')`),
      oldestSeconds: sql<
        number | null
      >`extract(epoch from now() - min(${evaluations.createdAt}) filter (where ${shards.status} = 'queued'))::float8`,
      evaluationsWaiting: number(sql`count(distinct ${shards.evaluationId}) filter (where ${shards.status} in ('queued', 'running'))`),
    })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    // What ended long ago says nothing about the queue, and there is much of it.
    .where(
      or(inArray(shards.status, ['queued', 'running']), gt(shards.finishedAt, sql`now() - interval '1 day'`), isNull(shards.finishedAt)),
    );
  return row;
}

async function runningShards(): Promise<RunningShard[]> {
  return database()
    .select({
      submissionId: submissions.id,
      submission: submissions.name,
      by: users.name,
      trialId: shards.trialId,
      images: sql<number>`${shards.endImage} - ${shards.firstImage}`,
      worker: workers.name,
      seconds: sql<number>`coalesce(extract(epoch from now() - ${shards.startedAt}), 0)::float8`,
    })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .leftJoin(workers, eq(workers.id, shards.workerId))
    .where(eq(shards.status, 'running'))
    .orderBy(shards.startedAt)
    .limit(shown);
}

async function recentFailures(): Promise<FailureView[]> {
  const rows = await database()
    .select({ id: submissions.id, name: submissions.name, by: users.name, failure: evaluations.failure, at: evaluations.finishedAt })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(eq(evaluations.status, 'failed'))
    .orderBy(desc(sql`coalesce(${evaluations.finishedAt}, ${evaluations.createdAt})`))
    .limit(shown);
  return rows.map(({ id, name, by, failure, at }) => ({
    submissionId: id,
    submission: name,
    by,
    blame: failure!.blame,
    message: failure!.blame === 'student' ? `${failure!.problem.found} ${failure!.problem.wanted}` : failure!.message,
    at: at?.toISOString() ?? null,
  }));
}
