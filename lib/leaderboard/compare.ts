// Submissions of one challenge beside each other: what the paired data say, never the outcome of a single image.
import { inArray } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { findChallenge } from '../challenges/challenges.ts';
import { atLeast, standingIn } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { cellDifferences, comparisonOf, type CellDifference, type Comparison, type Side } from '../evaluation/comparison.ts';
import { corruptionDifference, type CorruptionError } from '../evaluation/corruption.ts';
import type { Cells } from '../evaluation/outcomes.ts';
import { countingOf, type Estimate } from '../evaluation/score.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { getSubmission, type PhaseKind, type Submission } from '../submissions/read.ts';
import { outcomesOf } from './cells.ts';
import { sharedProtocol } from './shared-protocol.ts';

export type Compared = Pick<Submission, 'id' | 'name' | 'userName' | 'baseline' | 'declaredTta'>;

/** First minus second in mCE, times 100, where less is better. */
export type CorruptionDifference = { first: number; second: number; difference: Estimate };
export type PairComparison = Comparison & { corruption: CorruptionDifference | null; cells: CellDifference[] };
export type SubmissionComparison = PairComparison & { challenge: Submission['challenge']; phase: PhaseKind; first: Compared; second: Compared };

/** What is compared, and what it may be compared by. */
export type Gathered = {
  /** As they were asked for. */
  submissions: Submission[];
  /** What all of them measured. */
  protocol: Protocol;
  /** The protocol each was measured by. */
  protocols: Protocol[];
  corruption: (CorruptionError | null)[];
  /** Whether the viewer may know of each image what became of it: the staff, and everybody once the seed is published. */
  open: boolean;
  pair: (first: number, second: number, resampling?: boolean) => PairComparison;
};

export const mostCompared = 5;

/**
 * Two to five submissions of one challenge in a phase, each once, with what has landed of them. A viewer compares what they may
 * open: their own, baselines, and staff everybody's. Throws RequestError 404 for anything else, 400 across challenges, for fewer
 * or more, and where two were measured on images that have nothing in common.
 */
export async function gather(viewer: Viewer | null, ids: readonly string[], phase: PhaseKind = 'public'): Promise<Gathered> {
  const once = [...new Set(ids)];
  if (once.length > mostCompared) throw new RequestError(400, `At most ${mostCompared} submissions stand beside each other; you named ${once.length}. Leave some out.`);
  const submissions: Submission[] = [];
  for (const id of once) submissions.push(await getSubmission(viewer, id, phase));
  if (submissions.length < 2) throw new RequestError(400, 'A submission differs from itself in nothing: name two.');
  const slugs = [...new Set(submissions.map(({ challenge }) => challenge.slug))];
  if (slugs.length > 1) throw new RequestError(400, `Only submissions to one challenge saw the same images: these are to ${slugs.join(' and ')}.`);
  const rows = await rowsOf(submissions);
  const protocols = rows.map((row) => row.protocol as Protocol);
  const protocol = sharedProtocol(protocols);
  if (!protocol) throw new RequestError(400, 'These were measured by protocols that share no images, so nothing of them is paired. Ask for a re-evaluation of the older one.');
  const reference = rows.find((row) => row.corruption)?.corruption?.reference;
  const evaluationIds = [...new Set([...submissions.map(({ evaluation }) => evaluation.id), ...(reference ? [reference] : [])])];
  const landed = await outcomesOf(evaluationIds, protocol.trials.map(trialId));
  const cellsOf = (id: string): Cells => landed.get(id) ?? new Map();
  const sides = submissions.map(({ evaluation, report, declaredTta }): Side => ({
    cells: cellsOf(evaluation.id), counting: countingOf(protocol, { report, declaredTta }),
  }));
  const open = await isOpen(viewer, submissions[0], phase);
  return {
    submissions, protocol, protocols, open,
    corruption: rows.map((row) => row.corruption),
    pair: (i, j, resampling = false) => {
      const [first, second] = [sides[i], sides[j]];
      return {
        ...comparisonOf(protocol, first, second, resampling),
        corruption: reference ? corruptionDifference(protocol, first.cells, second.cells, cellsOf(reference)) : null,
        cells: cellDifferences(protocol, first.cells, second.cells, open),
      };
    },
  };
}

type Stored = { id: string; protocol: unknown; corruption: (CorruptionError & { reference: string }) | null };

/** In the order of the submissions. */
async function rowsOf(submissions: readonly Submission[]): Promise<Stored[]> {
  const { id, protocol, corruption } = evaluations;
  const ids = submissions.map(({ evaluation }) => evaluation.id);
  const rows = (await database().select({ id, protocol, corruption }).from(evaluations).where(inArray(evaluations.id, ids))) as Stored[];
  return ids.map((one) => rows.find((row) => row.id === one)!);
}

/** Whether outcomes of single images of the phase may be shown to the viewer. */
export async function isOpen(viewer: Viewer | null, { challenge }: Submission, phase: PhaseKind): Promise<boolean> {
  if (atLeast(await standingIn(viewer, challenge.id), 'assistant')) return true;
  const view = await findChallenge(challenge.slug);
  return Boolean(view?.phases.find(({ kind }) => kind === phase)?.revealed);
}

/** First minus second in a phase, from what has landed of both. Throws as `gather`. */
export async function compareSubmissions(
  viewer: Viewer | null, firstId: string, secondId: string, phase: PhaseKind = 'public',
): Promise<SubmissionComparison> {
  const { submissions: [first, second], pair } = await gather(viewer, [firstId, secondId], phase);
  const named = ({ id, name, userName, baseline, declaredTta }: Submission): Compared => ({ id, name, userName, baseline, declaredTta });
  return { challenge: first.challenge, phase, first: named(first), second: named(second), ...pair(0, 1, true) };
}
