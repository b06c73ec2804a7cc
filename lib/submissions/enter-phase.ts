// Enters a submission into a phase inside the caller's transaction: the evaluation, its frozen protocol, its shards and their jobs.
import { and, countDistinct, eq, inArray, ne, or, sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { evaluations, phases, shards, submissions, type EvaluationTier } from '../db/schema.ts';
import type { DerivedKey } from '../derived-keys.ts';
import type { Report } from '../evaluation/report.ts';
import { keysFor, shardsOf, type Shard } from '../evaluation/shards.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import { enqueue, enqueueRank, jobOf, priorities, taskOfClass, taskNames } from '../queue/jobs.ts';
import { headlineOf } from './headline.ts';
import { nothingToRun } from './nothing-to-run.ts';
import { jobsOf, type Planned } from './shard-jobs.ts';
import { turnsOf } from './turns.ts';

type Phase = typeof phases.$inferSelect;
type Entrant = { id: string; userId: string; teamId: string | null; baseline: boolean; declaredTta: string | null; report: Report };
/** How many evaluations of a student or team still wait, and how many for their headline. */
type Unfinished = { all: number; headline: number };
type Run = { protocol: Protocol; report: Report };
type Priority = (shard: Shard) => number;

/**
 * The evaluation's id; it begins when the transaction commits, or has failed already where nothing can be run. Of the headline tier it
 * gets that much of the protocol.
 */
export async function enterPhase(
  tx: Transaction, phase: Phase, entrant: Entrant, whole: Protocol, tier: EvaluationTier = 'full',
): Promise<string> {
  const headline = tier === 'headline' ? headlineOf(whole, entrant.declaredTta) : null;
  const protocol = headline ?? whole;
  const unfinished = await unfinishedEvaluations(tx, entrant);
  const [evaluation] = await tx
    .insert(evaluations)
    .values({ submissionId: entrant.id, phaseId: phase.id, protocol, tier: headline ? 'headline' : 'full' })
    .returning({ id: evaluations.id });
  await planWhole(tx, phase, evaluation.id, { protocol, report: entrant.report }, (shard) =>
    phase.kind === 'final' ? behind(priorities.final, shard) : priorityOf(shard, unfinished, entrant.baseline),
  );
  return evaluation.id;
}

/** Plans what the whole protocol has beyond the headline of an evaluation, behind what its owner has waiting already. */
export async function planRest(tx: Transaction, phase: Phase, evaluationId: string, entrant: Entrant, whole: Protocol): Promise<void> {
  const unfinished = await unfinishedEvaluations(tx, entrant, evaluationId);
  const planned = await tx.selectDistinct({ id: shards.trialId }).from(shards).where(eq(shards.evaluationId, evaluationId));
  const there = new Set(planned.map(({ id }) => id));
  const protocol = { ...whole, trials: whole.trials.filter((trial) => !there.has(trialId(trial))) };
  await planShards(tx, phase, evaluationId, { protocol, report: entrant.report }, (shard) => priorityOf(shard, unfinished, entrant.baseline));
}

/** Plans what is run again, behind all live work and the final phase: the shards of an evaluation that has none yet. It fails when there are none. */
export async function planAgain(tx: Transaction, phase: Phase, evaluationId: string, run: Run): Promise<void> {
  await planWhole(tx, phase, evaluationId, run, (shard) => behind(priorities.reevaluation, shard));
}

/** Without a shard no worker would ever hear of it, and it would wait for ever. */
async function planWhole(tx: Transaction, phase: Phase, evaluationId: string, run: Run, priority: Priority): Promise<void> {
  const problem = nothingToRun(run.protocol, run.report);
  if (!problem) return planShards(tx, phase, evaluationId, run, priority);
  const failure = { blame: 'student' as const, problem };
  await tx.update(evaluations).set({ status: 'failed', failure, finishedAt: sql`now()` }).where(eq(evaluations.id, evaluationId));
  await enqueueRank(tx, phase.id);
}

async function planShards(tx: Transaction, phase: Phase, evaluationId: string, { protocol, report }: Run, priority: Priority): Promise<void> {
  const trials = new Map(protocol.trials.map((trial) => [trialId(trial), trial]));
  const planned: Planned[] = shardsOf(protocol, report).map((shard) => ({
    ...shard, attack: trials.get(shard.trialId)!.kind === 'attack', priority: priority(shard),
  }));
  if (planned.length === 0) return;
  const turns = await turnsOf(tx, phase.id, planned);
  const rows = planned.map(({ trialId: id, start, end, ...shard }, ordinal) => ({
    ...shard, ordinal, evaluationId, trialId: id, firstImage: start, endImage: end, turn: turns[ordinal],
  }));
  const inserted = await tx.insert(shards).values(rows).returning({ id: shards.id, ordinal: shards.ordinal });
  const keys = keysOfTrials(protocol, trials, Buffer.from(phase.seed).toString('hex'));
  const ids = new Map(inserted.map(({ id, ordinal }) => [ordinal, id]));
  await enqueue(
    tx,
    jobsOf(planned).map((ordinals) => ({
      task: planned[ordinals[0]].attack && phase.numericsClass ? taskOfClass(phase.numericsClass) : taskNames.evaluateShard,
      payload: jobOf(ordinals.map((ordinal) => ({ shardId: ids.get(ordinal)!, keys: keys(planned[ordinal].trialId) }))),
      priority: planned[ordinals[0]].priority,
      // The queue orders equal priorities by time.
      runAt: turns[ordinals[0]],
    })),
  );
}

/**
 * Headlines of everybody first. Then a submission stands behind as many steps as its student or team has evaluations waiting
 * already, in whatever challenge, so that one student's twenty submissions do not delay another's first. Baselines wait for every
 * student. Within a step the challenges take turns.
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

/** Of all but one evaluation: that to which more is added. */
async function unfinishedEvaluations(tx: Transaction, { userId, teamId }: Entrant, but?: string): Promise<Unfinished> {
  const whose = or(eq(submissions.userId, userId), teamId ? eq(submissions.teamId, teamId) : undefined);
  const [row] = await tx
    .select({ all: countDistinct(evaluations.id), headline: countDistinct(sql`case when ${shards.headline} then ${evaluations.id} end`) })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
    // What is run again delays nothing that its student sends in.
    .where(and(whose, evaluations.current, inArray(shards.status, ['queued', 'running']), but ? ne(evaluations.id, but) : undefined));
  return row;
}

/** The derived keys of a trial, by its id: computed once a trial, however many shards it has. */
function keysOfTrials(protocol: Protocol, trials: ReadonlyMap<string, Trial>, seedHex: string): (id: string) => DerivedKey[] {
  const known = new Map<string, DerivedKey[]>();
  return (id) => {
    let keys = known.get(id);
    if (!keys) {
      keys = keysFor(protocol, trials.get(id)!, seedHex);
      known.set(id, keys);
    }
    return keys;
  };
}
