// What a submission can be set against, and by how much each of its figures differs: paired, on the images both saw.
import { and, desc, eq, isNull, ne, or, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { atLeast, standingIn } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, phases, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { cellDifferences, differenceOf, type CellDifference, type Difference } from '../evaluation/comparison.ts';
import { columnTrials, groupOutcomes, trialsOf } from '../evaluation/outcomes.ts';
import { countingOf, type Metric } from '../evaluation/score.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { getSubmission, type Submission } from '../submissions/read.ts';
import { outcomesOf } from './cells.ts';
import { isOpen } from './compare.ts';
import { referenceFile } from './corruption.ts';
import { rankedColumns } from './counted.ts';

/** Another submission of the challenge with a figure of its own in the phase. */
export type Rival = { id: string; name: string; value: number; createdAt: string };

export type Rivals = {
  reference: Rival | null;
  /** The best of the same student or team that came before this one. */
  previousBest: Rival | null;
  /** The newest of theirs that came before it. */
  previous: Rival | null;
  /** Their others, the newest first. */
  own: Rival[];
  /** The challenge's baselines, the best first. */
  baselines: Rival[];
};

/** Shown in a list to choose from. */
const mostOwn = 100;

/** For a submission that the viewer may read: what else they may set it against, by the metric. */
export async function rivalsOf(viewer: Viewer | null, submission: Submission, metric: Metric): Promise<Rivals> {
  const { id, challenge, userId, team, baseline, createdAt, evaluation } = submission;
  const mayAll = viewer?.id === userId || atLeast(await standingIn(viewer, challenge.id), 'assistant');
  // A team mate may open what the team has sent, and not what its sender did alone.
  const theirs = team ? or(eq(submissions.teamId, team.id), mayAll ? eq(submissions.userId, userId) : undefined) : eq(submissions.userId, userId);
  const value = rankedColumns[metric];
  const rows = await database()
    .select({
      id: submissions.id, name: submissions.name, value, createdAt: submissions.createdAt, baseline: submissions.baseline,
      file: sql<string | null>`${submissions.files} -> 0 ->> 'name'`,
    })
    .from(submissions)
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), evaluations.current, ne(evaluations.status, 'cancelled')))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, evaluation.phase)))
    .where(and(
      eq(submissions.challengeId, challenge.id), ne(submissions.id, id), isNull(submissions.disqualifiedAt), sql`${value} is not null`,
      or(submissions.baseline, baseline ? undefined : and(eq(submissions.baseline, false), theirs)),
    ))
    .orderBy(desc(submissions.createdAt))
    .limit(mostOwn);
  const all = rows.map((row) => ({ ...row, value: row.value!, createdAt: row.createdAt.toISOString() }));
  const bare = ({ file: _, baseline: __, ...rival }: (typeof all)[number]): Rival => rival;
  const own = all.filter((row) => !row.baseline && !baseline).map(bare);
  const before = own.filter((rival) => rival.createdAt < createdAt);
  const reference = all.find((row) => row.baseline && row.file === referenceFile);
  return {
    reference: reference ? bare(reference) : null,
    previousBest: before.length > 0 ? before.reduce((best, each) => (each.value > best.value ? each : best)) : null,
    previous: before[0] ?? null,
    own,
    baselines: all.filter((row) => row.baseline).map(bare).sort((a, b) => b.value - a.value),
  };
}

/** A submission beside another: differences of this one minus the other. */
export type Against = {
  other: Pick<Submission, 'id' | 'name' | 'userName' | 'baseline'>;
  /** By trial id, of the perturbed cells that both have. */
  cells: Map<string, CellDifference>;
};

/** Cell by cell, with what Compare tells of a cell and no more. Throws RequestError 404 for another submission that the viewer may not open, of another challenge or phase. */
export async function cellsAgainst(viewer: Viewer | null, submission: Submission, otherId: string, protocol: Protocol): Promise<Against> {
  const other = await otherOf(viewer, submission, otherId);
  const [mine, theirs] = await both(submission, other, trialsOf(protocol, 'perturbation').map(trialId));
  const found = cellDifferences(protocol, mine, theirs, await isOpen(viewer, submission, submission.evaluation.phase));
  const { id, name, userName, baseline } = other;
  return { other: { id, name, userName, baseline }, cells: new Map(found.map((cell) => [cell.trialId, cell])) };
}

/**
 * This one's figure minus another's. Null until the cells behind both have landed. Throws as `cellsAgainst`.
 */
export async function metricAgainst(
  viewer: Viewer | null, submission: Submission, otherId: string, protocol: Protocol, metric: Metric,
): Promise<Difference | null> {
  const other = await otherOf(viewer, submission, otherId);
  const [mine, theirs] = [submission, other].map((one) => columnTrials(protocol, metric, countingOf(protocol, one)));
  const [ofMine, ofTheirs] = await both(submission, other, [...new Set([...mine, ...theirs].flat().map(trialId))]);
  const [first, second] = [groupOutcomes(protocol, mine, ofMine), groupOutcomes(protocol, theirs, ofTheirs)];
  return first && second && differenceOf(first, second);
}

async function otherOf(viewer: Viewer | null, { id, challenge, evaluation }: Submission, otherId: string): Promise<Submission> {
  const other = await getSubmission(viewer, otherId, evaluation.phase);
  if (other.id !== id && other.challenge.id === challenge.id) return other;
  throw new RequestError(404, 'There is no other submission of yours in this challenge by that id: only what saw the same images can be set against this one.');
}

async function both(first: Submission, second: Submission, trialIds: string[]) {
  const found = await outcomesOf([first.evaluation.id, second.evaluation.id], trialIds);
  return [first, second].map(({ evaluation }) => found.get(evaluation.id) ?? new Map<string, never>());
}
