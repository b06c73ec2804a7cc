// What the staff of any challenge may watch: the machines and the queue of the whole site, and names in their own challenges alone.
import { eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { isStaff } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, shards } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { recentFailures, type FailureView } from './failures.ts';
import { listWorkers, type WorkerView } from './machines.ts';
import { staffedBy } from './scope.ts';
import { stalledClasses, type StalledClass } from './stalled.ts';
import { runningShards, type RunningShard } from './work.ts';

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
  /** Of every challenge; without names where the viewer is not of its staff. */
  running: RunningShard[];
  stalled: StalledClass[];
  /** In the viewer's challenges, newest first, at most 20. */
  failures: FailureView[];
};

/** Throws RequestError 401 and 403 unless the viewer is of the staff of a challenge. Workers that left more than a day ago are not listed. */
export async function overview(viewer: Viewer | null): Promise<Overview> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  if (!(await isStaff(viewer))) throw new RequestError(403, 'Only the staff of a challenge watches the workers.');
  const own = staffedBy(viewer);
  const [workers, queue, running, stalled, failures] = await Promise.all([
    listWorkers(), queueDepth(), runningShards(own), stalledClasses(), recentFailures(own),
  ]);
  return { workers, queue, running, stalled, failures };
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
