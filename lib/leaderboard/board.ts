// The leaderboard as a page or the API shows it. Reads the ranks; never computes them.
import { eq, inArray, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted, atLeast } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { ranks, shards } from '../db/schema.ts';
import type { CorruptionError } from '../evaluation/corruption.ts';
import type { Estimate } from '../evaluation/score.ts';
import { counted, type BoardScore, type Counted } from './counted.ts';
import { displayNames, type DisplayName } from './names.ts';

/** `rank` is 1 + the number significantly better; the data allow every place from `low` to `high`. */
export type Rank = { rank: number; low: number; high: number };

export type BoardRow = DisplayName & {
  submissionId: string;
  /** What the student called the model. */
  name: string;
  baseline: boolean;
  /** Null until the primary metric is known and ranked. */
  rank: Rank | null;
  status: Counted['status'];
  /** `headline` as long as only clean and mixed are measured. */
  tier: Counted['tier'];
  /** Whether it came after the deadline that held for its student. */
  late: boolean;
  /** Share of the evaluation done, in [0, 1]; 1 when it is finished. */
  progress: number;
  score: BoardScore | null;
  /** Against the phase's reference CNN, times 100; null until both have landed. */
  corruption: Pick<CorruptionError, 'mce' | 'relativeMce'> | null;
  /** The TTA policy its ranked columns are measured under; null for the bare model. */
  declaredTta: string | null;
  /** The TTA policy with the largest gain. */
  bestTta: { policy: string; gain: Estimate } | null;
  parameters: number;
  /** Operators that kept the attacks from being run: why there is no robust figure, and none to come. */
  withoutGradient: string[];
  /** ISO 8601. */
  submittedAt: string;
};

export type Board = { challenge: ChallengeView; phase: 'public' | 'final'; rows: BoardRow[] };

/**
 * One row a student or team and one a baseline: ranked ones in order, then those whose primary metric is missing, newest first.
 * A failed submission without a score is shown to its owner alone. Throws RequestError 404 for an unknown
 * challenge, and 401 or 403 to whoever may not read it.
 */
export async function board(viewer: Viewer | null, slug: string, phase: 'public' | 'final' = 'public'): Promise<Board> {
  const { challenge, standing } = await admitted(viewer, slug);
  const staff = atLeast(standing, 'assistant');
  const phaseId = challenge.phases.find(({ kind }) => kind === phase)!.id;
  const found = await counted(phaseId, challenge.primaryMetric);
  const [ranked, done, names] = await Promise.all([ranksOf(phaseId), progressOf(found), displayNames(viewer, challenge.id, staff, found)]);

  // What is not ranked by the metric stands with what has none.
  const value = ({ score }: BoardRow) =>
    score?.notRanked?.[challenge.primaryMetric] ? null : (score?.[challenge.primaryMetric]?.value ?? null);
  const rows = found
    .map((one) => rowOf(one, names.get(one.submissionId)!, ranked.get(one.submissionId), done.get(one.evaluationId)))
    .filter((row) => row.mine || row.status !== 'failed' || value(row) !== null);
  // By the estimate and not by the stored position, so that a score shown before its ranks are recomputed stands right.
  rows.sort((a, b) => compareMissingLast(value(a), value(b)) || b.submittedAt.localeCompare(a.submittedAt));
  return { challenge, phase, rows };
}

/** Larger first, null last, whatever the direction: for any column a board is sorted by. */
export function compareMissingLast(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b - a;
}

function rowOf(one: Counted, named: DisplayName, rank: Rank | undefined, progress: number | undefined): BoardRow {
  const { submissionId, name, baseline, status, tier, late, score, corruption, parameters, withoutGradient, declaredTta } = one;
  return {
    ...named,
    submissionId,
    name,
    baseline,
    rank: rank ?? null,
    status,
    tier,
    late,
    progress: status === 'finished' ? 1 : (progress ?? 0),
    score,
    corruption: corruption && { mce: corruption.mce, relativeMce: corruption.relativeMce },
    declaredTta,
    bestTta: bestTta(score),
    parameters,
    withoutGradient,
    submittedAt: one.createdAt.toISOString(),
  };
}

function bestTta(score: BoardScore | null): BoardRow['bestTta'] {
  const gains = Object.entries(score?.ttaGain ?? {}).sort(([, a], [, b]) => b.value - a.value);
  return gains.length > 0 ? { policy: gains[0][0], gain: gains[0][1] } : null;
}

async function ranksOf(phaseId: string): Promise<Map<string, Rank>> {
  const rows = await database().select().from(ranks).where(eq(ranks.phaseId, phaseId));
  return new Map(rows.map(({ submissionId, rank, rankLow, rankHigh }) => [submissionId, { rank, low: rankLow, high: rankHigh }]));
}

/** How much of the estimated time is behind each evaluation that still runs. */
async function progressOf(found: Counted[]): Promise<Map<string, number>> {
  const unfinished = found.filter(({ status }) => status === 'queued' || status === 'running').map(({ evaluationId }) => evaluationId);
  if (unfinished.length === 0) return new Map();
  const done = sql`coalesce(sum(${shards.estimatedSeconds}) filter (where ${shards.status} = 'done'), 0)`;
  const rows = await database()
    .select({ evaluationId: shards.evaluationId, share: sql<number>`${done} / sum(${shards.estimatedSeconds})` })
    .from(shards)
    .where(inArray(shards.evaluationId, unfinished))
    .groupBy(shards.evaluationId);
  return new Map(rows.map(({ evaluationId, share }) => [evaluationId, share]));
}
