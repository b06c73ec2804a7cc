// Takes back the work of workers that fell silent or said goodbye. Any worker does it for all; it costs no attempt.
import { sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { limits } from '../limits.ts';
import { handBack, type HeldJob } from './jobs.ts';

export type Reclaimed = { workers: string[]; jobs: number };

/**
 * Marks workers silent for longer than `silenceSeconds` as stopped, makes their jobs available and their shards queued.
 * A job locked by a name that no living worker claims (its worker died before its first heartbeat) goes the same way.
 */
export async function reclaim(silenceSeconds: number = limits.workerSilenceSeconds): Promise<Reclaimed> {
  return database().transaction(async (tx) => {
    const silent = await tx.execute<{ id: string; name: string }>(sql`
      update workers set stopped_at = now()
      where id in (
        select id from workers
        where stopped_at is null and heartbeat_at < now() - make_interval(secs => ${silenceSeconds})
        for update skip locked)
      returning id, name`);
    const locked = await tx.execute<{ locked_by: string; jobs: HeldJob[] }>(sql`
      select locked_by, json_agg(json_build_object('id', id::text, 'runAt', run_at)) as jobs from graphile_worker.jobs
      where locked_by is not null and locked_at < now() - make_interval(secs => ${silenceSeconds})
        and locked_by not in (select jsonb_array_elements_text(queue_worker_ids) from workers where stopped_at is null)
      group by locked_by`);
    const jobs = locked.flatMap((row) => row.jobs);
    if (locked.length > 0) {
      const names = JSON.stringify(locked.map((row) => row.locked_by));
      await tx.execute(sql`select graphile_worker.force_unlock_workers(array(select json_array_elements_text(${names}::json)))`);
      // As if never tried: the queue would let a job that outlived several workers wait minutes for its next failure's sake.
      await handBack(tx, jobs);
    }
    await tx.execute(sql`
      update shards set status = 'queued', worker_id = null
      where status = 'running' and started_at < now() - make_interval(secs => ${silenceSeconds})
        and worker_id not in (select id from workers where stopped_at is null)`);
    return { workers: silent.map((row) => row.name), jobs: jobs.length };
  });
}

/** Says that a worker is leaving: what it still holds, and the jobs it gave up half-way, are available at once. */
export async function retire(workerId: string, givenUpJobs: readonly HeldJob[] = []): Promise<void> {
  await database().transaction(async (tx) => {
    await tx.execute(sql`
      select graphile_worker.force_unlock_workers(array(select jsonb_array_elements_text(queue_worker_ids)))
      from workers where id = ${workerId}`);
    await handBack(tx, givenUpJobs);
    await tx.execute(sql`update workers set stopped_at = now() where id = ${workerId}`);
    await tx.execute(sql`update shards set status = 'queued', worker_id = null where status = 'running' and worker_id = ${workerId}`);
  });
}
