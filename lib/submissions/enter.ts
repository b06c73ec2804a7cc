// Enters a submission inside the caller's transaction: the rows, the frozen protocol, the shards and their queue jobs.
import { and, count, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { evaluations, phases, shards, submissions, type StoredFile } from '../db/schema.ts';
import type { Report } from '../evaluation/report.ts';
import { keysNeeded, shardsOf, type Shard } from '../evaluation/shards.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { enqueue, priorities, taskNames } from '../queue/jobs.ts';
import type { DerivedKey } from '../derived-keys.ts';
import { deriveKey } from '../random.ts';

export type Entry = {
  challenge: { id: string; protocol: unknown };
  userId: string;
  name: string;
  files: StoredFile[];
  modelSha256: string;
  report: Report;
  baseline?: boolean;
  draftId?: string;
  declaredTta?: string | null;
};

export type Entered = { submissionId: string; evaluationId: string };

/** Enters it in the challenge's public phase; the evaluation begins when the transaction commits. */
export async function enter(tx: Transaction, { challenge, report, ...entry }: Entry): Promise<Entered> {
  const protocol = challenge.protocol as Protocol;
  const [phase] = await tx.select().from(phases).where(and(eq(phases.challengeId, challenge.id), eq(phases.kind, 'public')));
  if (!phase) throw new Error(`Challenge ${challenge.id} has no public phase.`);
  const unfinished = await unfinishedShards(tx, entry.userId);
  const [submission] = await tx
    .insert(submissions)
    .values({ ...entry, report, challengeId: challenge.id })
    .returning({ id: submissions.id });
  const [evaluation] = await tx
    .insert(evaluations)
    .values({ submissionId: submission.id, phaseId: phase.id, protocol })
    .returning({ id: evaluations.id });

  const planned = shardsOf(protocol, report);
  const rows = planned.map((shard, ordinal) => ({
    evaluationId: evaluation.id,
    trialId: shard.trialId,
    firstImage: shard.start,
    endImage: shard.end,
    headline: shard.headline,
    estimatedSeconds: shard.estimatedSeconds,
    priority: priorityOf(shard, unfinished, entry.baseline ?? false),
    ordinal,
  }));
  const inserted = await tx.insert(shards).values(rows).returning({ id: shards.id, ordinal: shards.ordinal, queuedAt: shards.queuedAt });
  const keys = keysOfTrials(protocol, Buffer.from(phase.seed).toString('hex'));
  await enqueue(
    tx,
    inserted.map(({ id, ordinal, queuedAt }) => ({
      task: taskNames.evaluateShard,
      payload: { shardId: id, keys: keys(planned[ordinal].trialId) },
      priority: rows[ordinal].priority,
      // The queue orders equal priorities by time; a millisecond apart keeps the order of the shards.
      runAt: new Date(queuedAt.getTime() - (inserted.length - ordinal)),
    })),
  );
  return { submissionId: submission.id, evaluationId: evaluation.id };
}

/**
 * Headlines of everybody first. Then a submission stands behind as many steps as its student has shards waiting already,
 * so that one student's twenty submissions do not delay another's first. Baselines wait for every student.
 */
function priorityOf(shard: Shard, unfinished: { all: number; headline: number }, baseline: boolean): number {
  if (shard.headline) return Math.min(priorities.headline + unfinished.headline, priorities.rest - 1);
  return Math.min((baseline ? priorities.baselines : priorities.rest) + unfinished.all, priorities.last);
}

async function unfinishedShards(tx: Transaction, userId: string): Promise<{ all: number; headline: number }> {
  const [row] = await tx
    .select({ all: count(), headline: sql<number>`(count(*) filter (where ${shards.headline}))::int` })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .where(and(eq(submissions.userId, userId), inArray(shards.status, ['queued', 'running'])));
  return row;
}

/** The derived keys of a trial, by its id: computed once a trial, however many shards it has. */
function keysOfTrials(protocol: Protocol, seedHex: string): (id: string) => DerivedKey[] {
  const trials = new Map(protocol.trials.map((trial) => [trialId(trial), trial]));
  const known = new Map<string, DerivedKey[]>();
  return (id) => {
    let keys = known.get(id);
    if (!keys) {
      const needed = keysNeeded(protocol, trials.get(id)!);
      keys = needed.map((one) => ({ ...one, key: deriveKey(seedHex, one.purpose, one.trialId, one.role) }));
      known.set(id, keys);
    }
    return keys;
  };
}
