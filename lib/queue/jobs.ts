// The names and payloads of queue jobs, and putting them into the queue inside the caller's transaction.
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '../db/client.ts';
import { derivedKeySchema } from '../derived-keys.ts';

export const taskNames = {
  evaluateShard: 'evaluate-shard',
  rankPhase: 'rank-phase',
  expireOld: 'expire-old',
  planReevaluation: 'plan-reevaluation',
  findSimilar: 'find-similar',
  sendMail: 'send-mail',
  deliverNotifications: 'deliver-notifications',
  deliverWebhook: 'deliver-webhook',
  remindOfDeadlines: 'remind-of-deadlines',
} as const;

const keyedShardSchema = z.object({ shardId: z.uuid(), keys: z.array(derivedKeySchema) });
/** A shard, with the derived keys of its trial. Never the seed: a worker needs none. */
export type KeyedShard = z.infer<typeof keyedShardSchema>;

/** Usually one shard; `more` of the same submission where they are so short that a child for each would cost more than they do. */
export const shardJobSchema = keyedShardSchema.extend({ more: z.array(keyedShardSchema).optional() });
export type ShardJob = z.infer<typeof shardJobSchema>;

export const jobOf = ([first, ...more]: readonly KeyedShard[]): ShardJob => ({ ...first, ...(more.length > 0 && { more }) });
/** In the order in which they run. */
export const shardsIn = ({ more = [], ...first }: ShardJob): KeyedShard[] => [first, ...more];

/**
 * The numerics class of a runtime (spec 2.5): engine with version, and device. Jobs that only one class may run have a task name
 * of their own, so that the queue itself keeps them for the workers that claim it.
 */
export const numericsClassOf = ({ engine, device }: { engine: string; device: string }): string => `${engine} on ${device}`;
export const taskOfClass = (numericsClass: string): string => `${taskNames.evaluateShard}: ${numericsClass}`;

export const rankJobSchema = z.object({ phaseId: z.uuid() });

/** Lower runs first. Smallint in the queue's table. */
export const priorities = { mail: -200, rank: -100, plan: -50, headline: 0, rest: 1000, baselines: 20_000, final: 25_000, reevaluation: 28_000 } as const;

/**
 * The library's own limit on attempts, high because failures are counted by cause, by us (DESIGN, "Failure"); and the
 * first attempt of a reclaimed job counts there although nothing failed. Tasks that meet the outside world set their own.
 */
const defaultMaxAttempts = 30_000;

export type NewJob = { task: string; payload: unknown; priority: number; key?: string; runAt?: Date; maxAttempts?: number };

/** Adds jobs. They become visible when the transaction commits. */
export async function enqueue(tx: Transaction, jobs: readonly NewJob[]): Promise<void> {
  const specs = jobs.map(({ task, payload, priority, key, runAt, maxAttempts = defaultMaxAttempts }) => ({
    identifier: task, payload, priority, job_key: key ?? null, run_at: runAt ?? null, max_attempts: maxAttempts,
  }));
  await tx.execute(sql`
    select count(*) from graphile_worker.add_jobs(
      array(select json_populate_recordset(null::graphile_worker.job_spec, ${JSON.stringify(specs)}::json)))`);
}

/** Asks for a phase's ranks to be computed again; requests that wait already are one. */
export async function enqueueRank(tx: Transaction, phaseId: string): Promise<void> {
  await enqueue(tx, [{ task: taskNames.rankPhase, payload: { phaseId }, priority: priorities.rank, key: `rank:${phaseId}` }]);
}

export const planJobSchema = z.object({ reevaluationId: z.uuid() });

/** Asks for the shards of a re-evaluation, which are made a few evaluations at a time: a bulk one has hundreds of thousands. */
export async function enqueuePlan(tx: Transaction, reevaluationId: string): Promise<void> {
  const key = `plan:${reevaluationId}`;
  await enqueue(tx, [{ task: taskNames.planReevaluation, payload: { reevaluationId }, priority: priorities.plan, key }]);
}

export const similarJobSchema = z.object({ phaseId: z.uuid() });

/** Asks for the similarity report of a phase. */
export async function enqueueSimilar(tx: Transaction, phaseId: string): Promise<void> {
  await enqueue(tx, [{ task: taskNames.findSimilar, payload: { phaseId }, priority: priorities.plan, key: `similar:${phaseId}` }]);
}

/** Puts the job of a shard, as the queue gave it, under another task at its old place. The caller ends the job that it is handling. */
export async function passOn(tx: Transaction, job: { payload: ShardJob; priority: number; runAt: Date }, task: string): Promise<void> {
  // By its key it is one job, also when the one that is being handled runs again because its worker died.
  await enqueue(tx, [{ ...job, task, key: `shard:${job.payload.shardId}` }]);
}

/** A job that was begun and did not end, and the place it had: `run_at`, which the queue moves to the end of the line after a failure. */
export type HeldJob = { id: string; runAt: Date };

/**
 * Makes jobs that were given up half-way available at once, at the places they had, as if never tried. Those that are locked (they run
 * again, or the queue has yet to write down their failure) are left alone: it answers with their ids.
 */
export async function handBack(tx: Transaction, jobs: readonly HeldJob[]): Promise<string[]> {
  if (jobs.length === 0) return [];
  const locked = await tx.execute<{ id: string }>(sql`
    select held.id::text
    from json_to_recordset(${JSON.stringify(jobs)}::json) as held(id bigint, "runAt" timestamptz)
      join graphile_worker.jobs as job on job.id = held.id
      left join lateral graphile_worker.reschedule_jobs(array[held.id], run_at => held."runAt", attempts => 0) as moved on true
    where moved.id is null`);
  return locked.map(({ id }) => id);
}
