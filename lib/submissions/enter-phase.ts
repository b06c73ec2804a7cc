// Enters a submission into a phase inside the caller's transaction: the evaluation, its frozen protocol, its shards and their jobs.
import { and, count, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { evaluations, phases, shards, submissions, type EvaluationTier } from '../db/schema.ts';
import type { DerivedKey } from '../derived-keys.ts';
import type { Report } from '../evaluation/report.ts';
import { keysNeeded, shardsOf, type Shard } from '../evaluation/shards.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import { enqueue, priorities, taskOfClass, taskNames } from '../queue/jobs.ts';
import { deriveKey } from '../random.ts';

type Phase = typeof phases.$inferSelect;
type Entrant = { id: string; userId: string; baseline: boolean; report: Report };
type Unfinished = { all: number; headline: number };

/** Of an evaluation that is run again: it stands beside the current one until its set is applied. */
type Again = { reevaluationId: string; tier: EvaluationTier };

/** The evaluation's id; it begins when the transaction commits. */
export async function enterPhase(tx: Transaction, phase: Phase, entrant: Entrant, protocol: Protocol, again?: Again): Promise<string> {
  const unfinished = await unfinishedShards(tx, entrant.userId);
  const [evaluation] = await tx
    .insert(evaluations)
    .values({ submissionId: entrant.id, phaseId: phase.id, protocol, ...(again && { ...again, current: false }) })
    .returning({ id: evaluations.id });

  const trials = new Map(protocol.trials.map((trial) => [trialId(trial), trial]));
  const planned = shardsOf(protocol, entrant.report).map((shard) => ({
    ...shard,
    attack: trials.get(shard.trialId)!.kind === 'attack',
    priority: again ? behind(priorities.reevaluation, shard)
      : phase.kind === 'final' ? behind(priorities.final, shard) : priorityOf(shard, unfinished, entrant.baseline),
  }));
  const rows = planned.map(({ trialId: id, start, end, ...shard }, ordinal) => ({
    ...shard, ordinal, evaluationId: evaluation.id, trialId: id, firstImage: start, endImage: end,
  }));
  const inserted = await tx.insert(shards).values(rows).returning({ id: shards.id, ordinal: shards.ordinal, queuedAt: shards.queuedAt });
  const keys = keysOfTrials(protocol, trials, Buffer.from(phase.seed).toString('hex'));
  await enqueue(
    tx,
    inserted.map(({ id, ordinal, queuedAt }) => ({
      task: planned[ordinal].attack && phase.numericsClass ? taskOfClass(phase.numericsClass) : taskNames.evaluateShard,
      payload: { shardId: id, keys: keys(planned[ordinal].trialId) },
      priority: planned[ordinal].priority,
      // The queue orders equal priorities by time; a millisecond apart keeps the order of the shards.
      runAt: new Date(queuedAt.getTime() - (inserted.length - ordinal)),
    })),
  );
  return evaluation.id;
}

/**
 * Headlines of everybody first. Then a submission stands behind as many steps as its student has shards waiting already,
 * so that one student's twenty submissions do not delay another's first. Baselines wait for every student.
 */
function priorityOf(shard: Shard, unfinished: Unfinished, baseline: boolean): number {
  if (shard.headline) return Math.min(priorities.headline + unfinished.headline, priorities.rest - 1);
  return Math.min((baseline ? priorities.baselines : priorities.rest) + unfinished.all, priorities.final - 1);
}

/**
 * The final phase waits for whatever a student waits for, and what is run again for both. There everybody has one entry, so nobody
 * stands behind another.
 */
function behind(priority: number, shard: Shard): number {
  return shard.headline ? priority : priority + 1;
}

async function unfinishedShards(tx: Transaction, userId: string): Promise<Unfinished> {
  const [row] = await tx
    .select({ all: count(), headline: sql<number>`(count(*) filter (where ${shards.headline}))::int` })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
    // What is run again delays nothing that its student sends in.
    .where(and(eq(submissions.userId, userId), evaluations.current, inArray(shards.status, ['queued', 'running'])));
  return row;
}

/** The derived keys of a trial, by its id: computed once a trial, however many shards it has. */
function keysOfTrials(protocol: Protocol, trials: ReadonlyMap<string, Trial>, seedHex: string): (id: string) => DerivedKey[] {
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
