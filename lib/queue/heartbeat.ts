// A worker's row: made at its start, touched while it lives, closed at its end.
import { eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { workers } from '../db/schema.ts';

export type WorkerFacts = {
  id: string;
  name: string;
  engine: string;
  device: string;
  concurrency: number;
  missingLayers: string[];
  /** Names under which this process locks jobs in the queue. */
  queueWorkerIds: string[];
};

/** Says that this worker lives. Also brings back one that was taken for dead, with the names it locks by. */
export async function beat(facts: WorkerFacts): Promise<void> {
  const { id, ...rest } = facts;
  await database()
    .insert(workers)
    .values(facts)
    .onConflictDoUpdate({ target: workers.id, set: { ...rest, heartbeatAt: sql`now()`, stoppedAt: null } });
}

/** Adds to what a worker has done; children that had to be ended count as failures whoever is to blame. */
export async function countWork(workerId: string, done: { shards?: number; childFailures?: number }): Promise<void> {
  const { shards = 0, childFailures = 0 } = done;
  await database()
    .update(workers)
    .set({ shardsDone: sql`${workers.shardsDone} + ${shards}`, childFailures: sql`${workers.childFailures} + ${childFailures}` })
    .where(eq(workers.id, workerId));
}
