// The workers as their heartbeats and shards tell of them. Knows no student.
import { desc, gt, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { workers } from '../db/schema.ts';
import { limits } from '../limits.ts';

export type WorkerView = {
  id: string;
  name: string;
  engine: string;
  device: string;
  concurrency: number;
  missingLayers: string[];
  shardsDone: number;
  childFailures: number;
  /** Over the last `throughputMinutes`, whatever it was busy for. */
  shardsPerMinute: number;
  imagesPerSecond: number;
  startedAt: string;
  heartbeatAt: string;
  /** `silent`: no heartbeat for longer than a worker may take, and no goodbye. */
  state: 'alive' | 'silent' | 'stopped';
  /** Seconds since the last heartbeat, by the database's clock. */
  silentSeconds: number;
};

export const throughputMinutes = 10;

/** Those of the last day, whoever lives first. */
export async function listWorkers(): Promise<WorkerView[]> {
  const silent = sql<number>`extract(epoch from now() - ${workers.heartbeatAt})::float8`;
  const [rows, done] = await Promise.all([
    database()
      .select({ worker: workers, silent })
      .from(workers)
      .where(gt(workers.heartbeatAt, sql`now() - interval '1 day'`))
      .orderBy(sql`${workers.stoppedAt} is not null`, workers.name, desc(workers.startedAt)),
    throughput(),
  ]);
  return rows.map(({ worker, silent: silentSeconds }) => {
    const { id, name, engine, device, concurrency, missingLayers, shardsDone, childFailures } = worker;
    const { shards, images } = done.get(id) ?? { shards: 0, images: 0 };
    return {
      id, name, engine, device, concurrency, missingLayers, shardsDone, childFailures, silentSeconds,
      shardsPerMinute: shards / throughputMinutes,
      imagesPerSecond: images / (60 * throughputMinutes),
      startedAt: worker.startedAt.toISOString(),
      heartbeatAt: worker.heartbeatAt.toISOString(),
      state: worker.stoppedAt ? 'stopped' : silentSeconds > limits.workerSilenceSeconds ? 'silent' : 'alive',
    };
  });
}

async function throughput(): Promise<Map<string, { shards: number; images: number }>> {
  const rows = await database().execute<{ worker: string; shards: number; images: number }>(sql`
    select worker_id as worker, count(*)::int as shards, sum(end_image - first_image)::int as images from shards
    where status = 'done' and worker_id is not null and finished_at > now() - make_interval(mins => ${throughputMinutes})
    group by worker_id`);
  return new Map(rows.map(({ worker, ...done }) => [worker, done]));
}
