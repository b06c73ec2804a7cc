// What happened to an evaluation so far, and what happens now: told from the times of its shards and cells. Reads alone.
import { asc, eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { cells, evaluations, shards, workers } from '../db/schema.ts';
import { mostWanted } from '../evaluation/shards.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import type { Submission } from '../submissions/read.ts';
import { rangeLeft, type Pace, type Range } from './eta.ts';
import { entriesOf, groupOf, stages, type CellRow, type LogEntry, type ShardRow, type Stage } from './log-entries.ts';
import type { Progress } from './place.ts';

export type StageProgress = {
  stage: Stage;
  /** Measurements of the stage that this model gets, and those that have landed. */
  planned: number;
  landed: number;
  /** Of the stage's estimated time that is done, in [0, 1]. */
  share: number;
  /** The stage's part of the whole estimated time, in [0, 1]. */
  weight: number;
};

/** What a worker does now. */
export type Running = { trial: Trial; worker: string | null; since: string };

export type EvaluationLog = {
  /** The stages that the protocol has, in their order. */
  stages: StageProgress[];
  running: Running[];
  /** When its first shard was begun, and when it ended; ISO 8601. */
  startedAt: string | null;
  finishedAt: string | null;
  /** How long is left, in seconds; null while nobody can say, and when nothing is left. */
  left: Range | null;
  /** Oldest first. */
  entries: LogEntry[];
};

/** The log of a submission's evaluation in its phase, and how long is left of it. For a submission that the viewer may read. */
export async function logOf({ evaluation: { id, status } }: Submission, { etaSeconds, startsInSeconds }: Pick<Progress, 'etaSeconds' | 'startsInSeconds'>): Promise<EvaluationLog> {
  const [[evaluation], shardRows, cellRows] = await Promise.all([
    database()
      .select({ protocol: evaluations.protocol, createdAt: evaluations.createdAt, startedAt: evaluations.startedAt, finishedAt: evaluations.finishedAt, status: evaluations.status })
      .from(evaluations)
      .where(eq(evaluations.id, id)),
    shardsOf(id),
    database()
      .select({ trialId: cells.trialId, createdAt: cells.createdAt, correct: cells.correct, total: cells.total, seconds: cells.seconds })
      .from(cells)
      .where(eq(cells.evaluationId, id))
      .orderBy(asc(cells.createdAt)),
  ]);
  const trials = new Map(mostWanted(evaluation.protocol as Protocol).map(({ id: trialId, trial }) => [trialId, trial]));
  const open = status === 'queued' || status === 'running';
  return {
    stages: stagesOf(trials, shardRows, cellRows),
    startedAt: evaluation.startedAt?.toISOString() ?? null,
    finishedAt: evaluation.finishedAt?.toISOString() ?? null,
    running: open ? runningOf(trials, shardRows) : [],
    left: open ? rangeLeft(etaSeconds, paceOf(shardRows), startsInSeconds ?? 0) : null,
    entries: entriesOf({ ...evaluation, trials, shards: shardRows, cells: cellRows }),
  };
}

async function shardsOf(evaluationId: string): Promise<ShardRow[]> {
  return database()
    .select({
      trialId: shards.trialId, status: shards.status, estimatedSeconds: shards.estimatedSeconds, queuedAt: shards.queuedAt,
      startedAt: shards.startedAt, finishedAt: shards.finishedAt, limitsMet: shards.limitsMet, platformFailures: shards.platformFailures,
      worker: workers.name, engine: workers.engine, device: sql<string | null>`${workers.device}`,
    })
    .from(shards)
    .leftJoin(workers, eq(workers.id, shards.workerId))
    .where(eq(shards.evaluationId, evaluationId))
    .orderBy(asc(shards.ordinal));
}

function stagesOf(trials: ReadonlyMap<string, Trial>, rows: readonly ShardRow[], landed: readonly CellRow[]): StageProgress[] {
  const there = new Set(landed.map(({ trialId }) => trialId));
  const whole = rows.reduce((sum, { estimatedSeconds }) => sum + estimatedSeconds, 0);
  return stages.flatMap((stage) => {
    const its = rows.filter(({ trialId }) => trials.has(trialId) && groupOf(trials.get(trialId)!).stage === stage);
    if (its.length === 0) return [];
    const wanted = new Set(its.map(({ trialId }) => trialId));
    const seconds = its.reduce((sum, row) => sum + row.estimatedSeconds, 0);
    const done = its.reduce((sum, row) => sum + (row.status === 'done' || there.has(row.trialId) ? row.estimatedSeconds : 0), 0);
    return [{
      stage, planned: wanted.size, landed: [...wanted].filter((id) => there.has(id)).length,
      share: seconds > 0 ? done / seconds : 0, weight: whole > 0 ? seconds / whole : 0,
    }];
  });
}

function runningOf(trials: ReadonlyMap<string, Trial>, rows: readonly ShardRow[]): Running[] {
  return rows.flatMap(({ trialId, status, worker, startedAt }) => {
    const trial = trials.get(trialId);
    return status === 'running' && trial && startedAt ? [{ trial, worker, since: startedAt.toISOString() }] : [];
  });
}

/** How long its shards took for each second that was estimated, and how many are left. */
function paceOf(rows: readonly ShardRow[]): Pace {
  const done = rows.filter((row) => row.status === 'done' && row.startedAt && row.finishedAt && row.estimatedSeconds > 0);
  const ratios = done.map((row) => (row.finishedAt!.getTime() - row.startedAt!.getTime()) / 1000 / row.estimatedSeconds);
  return { ratios: ratios.filter((ratio) => ratio > 0), shardsLeft: rows.filter(({ status }) => status === 'queued' || status === 'running').length };
}
