// The life of a shard in a worker's hands: taken, done, given back, or failed by a count of causes.
import { and, eq, inArray, sql } from 'drizzle-orm';
import { database, type Transaction } from '../db/client.ts';
import { evaluations, parts, shards, submissions } from '../db/schema.ts';
import { partSize } from '../evaluation/parts.ts';
import { imageCount, trialId } from '../evaluation/trial-id.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import { notifyProgress } from './progress.ts';

/** What a worker needs to run a shard; the keys come with the queue's job. */
export type Work = {
  shardId: string;
  evaluationId: string;
  submissionId: string;
  phaseId: string;
  modelSha256: string;
  protocol: Protocol;
  trial: Trial;
  trialId: string;
  /** Images the whole trial has. */
  total: number;
  partSize: number;
  /** What is left to do: parts that have landed are not run again. */
  start: number;
  end: number;
  headline: boolean;
};

/** Takes a shard for a worker. Null when nothing is left of it to do: it is done, or its evaluation has failed or was cancelled. */
export async function takeShard(shardId: string, workerId: string): Promise<Work | null> {
  return database().transaction(async (tx) => {
    const [row] = await tx
      .select({ shard: shards, evaluation: evaluations, modelSha256: submissions.modelSha256 })
      .from(shards)
      .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
      .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
      .where(eq(shards.id, shardId))
      // Waits for whoever ends the evaluation, and for nobody who only works on it.
      .for('key share', { of: evaluations });
    if (!row || row.shard.status === 'done' || row.shard.status === 'failed') return null;
    const { shard, evaluation } = row;
    // Where the lock had to be waited for, the shard is as it was before; only the evaluation is as it is now.
    if (evaluation.status !== 'queued' && evaluation.status !== 'running') return null;
    const protocol = evaluation.protocol as Protocol;
    const trial = protocol.trials.find((one) => trialId(one) === shard.trialId);
    if (!trial) throw new Error(`Shard ${shardId} asks for trial ${shard.trialId}, which its protocol does not have.`);

    // Whoever held it before may have ended it since it was read: then it is not opened again.
    const open = and(eq(shards.id, shardId), inArray(shards.status, ['queued', 'running']));
    const taken = await tx.update(shards).set({ status: 'running', workerId, startedAt: sql`now()` }).where(open).returning({ id: shards.id });
    if (taken.length === 0) return null;
    await tx.update(evaluations).set({ status: 'running', startedAt: sql`coalesce(${evaluations.startedAt}, now())` })
      .where(and(eq(evaluations.id, evaluation.id), eq(evaluations.status, 'queued')));
    await notifyProgress(tx, { submissionId: evaluation.submissionId, evaluationId: evaluation.id });
    return {
      shardId, trial, protocol,
      evaluationId: evaluation.id,
      submissionId: evaluation.submissionId,
      phaseId: evaluation.phaseId,
      modelSha256: row.modelSha256,
      trialId: shard.trialId,
      total: imageCount(protocol, trial),
      partSize: partSize(trial),
      start: await firstMissing(tx, shard),
      end: shard.endImage,
      headline: shard.headline,
    };
  });
}

/** Where the parts landed so far stop being gapless from the shard's beginning. */
async function firstMissing(tx: Transaction, shard: typeof shards.$inferSelect): Promise<number> {
  const landed = await tx
    .select({ start: parts.firstImage, end: parts.endImage })
    .from(parts)
    .where(and(eq(parts.evaluationId, shard.evaluationId), eq(parts.trialId, shard.trialId)))
    .orderBy(parts.firstImage);
  let at = shard.firstImage;
  for (const { start, end } of landed) if (start === at) at = Math.min(end, shard.endImage);
  return at;
}

/** Marks a shard done. Throws when some of its images have not landed, so that it runs again. */
export async function shardDone(shardId: string): Promise<void> {
  await database().transaction(async (tx) => {
    const [shard] = await tx.select().from(shards).where(eq(shards.id, shardId)).for('update');
    if (!shard || shard.status === 'done' || shard.status === 'failed') return;
    const missing = await firstMissing(tx, shard);
    if (missing !== shard.endImage) {
      throw new Error(`Shard ${shard.trialId}, ${shard.firstImage} to ${shard.endImage}, ended; nothing landed from image ${missing} on.`);
    }
    await tx.update(shards).set({ status: 'done', finishedAt: sql`now()` }).where(eq(shards.id, shardId));
  });
}

/** Puts a shard that was given up half-way among the waiting again. */
export async function shardWaits(shardId: string): Promise<void> {
  await database().update(shards).set({ status: 'queued', workerId: null })
    .where(and(eq(shards.id, shardId), eq(shards.status, 'running')));
}

/** Notes that a child met a named limit on this shard. Returns all limits met on it so far. */
export async function limitMet(shardId: string, limit: string): Promise<string[]> {
  const [row] = await database()
    .update(shards)
    .set({ limitsMet: sql`${shards.limitsMet} || to_jsonb(${limit}::text)` })
    .where(eq(shards.id, shardId))
    .returning({ limitsMet: shards.limitsMet });
  return row.limitsMet;
}

/** Notes what a child spent on this shard. Returns what the whole evaluation has spent, and what it was estimated to, in seconds. */
export async function shardCost(shardId: string, processorSeconds: number): Promise<{ spent: number; estimated: number }> {
  return database().transaction(async (tx) => {
    const [{ evaluationId }] = await tx
      .update(shards)
      .set({ processorSeconds: sql`${shards.processorSeconds} + ${processorSeconds}` })
      .where(eq(shards.id, shardId))
      .returning({ evaluationId: shards.evaluationId });
    const [sums] = await tx
      .select({ spent: sql<number>`sum(${shards.processorSeconds})`, estimated: sql<number>`sum(${shards.estimatedSeconds})` })
      .from(shards)
      .where(eq(shards.evaluationId, evaluationId));
    return sums;
  });
}

/** Notes a failure of ours on this shard. Returns how many there were. */
export async function platformFailed(shardId: string): Promise<number> {
  const [row] = await database()
    .update(shards)
    .set({ platformFailures: sql`${shards.platformFailures} + 1` })
    .where(eq(shards.id, shardId))
    .returning({ failures: shards.platformFailures });
  return row.failures;
}

/** The end of an evaluation: of somebody who waited for it, the moment may be one before its beginning. */
export const endNow = sql`greatest(now(), ${evaluations.startedAt})`;

/** Ends what is left of an evaluation's shards; their jobs find nothing to do. */
export async function abandonShards(tx: Transaction, evaluationId: string): Promise<void> {
  await tx.update(shards).set({ status: 'failed', finishedAt: sql`now()` })
    .where(and(eq(shards.evaluationId, evaluationId), inArray(shards.status, ['queued', 'running'])));
}
