// Two submissions of one challenge beside each other: what the paired data say, never the outcome of a single image.
import { eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { evaluations } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { comparisonOf, type Comparison, type Side } from '../evaluation/comparison.ts';
import { countingOf } from '../evaluation/score.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { getSubmission, type PhaseKind, type Submission } from '../submissions/read.ts';
import { outcomesOf } from './cells.ts';

export type Compared = Pick<Submission, 'id' | 'name' | 'userName' | 'baseline' | 'declaredTta'>;
export type SubmissionComparison = Comparison & { challenge: Submission['challenge']; phase: PhaseKind; first: Compared; second: Compared };

/**
 * First minus second in a phase, from what has landed of both. A viewer compares what they may open: their own, baselines,
 * and an instructor everybody's. Throws RequestError 404 for anything else, 400 across challenges or for one with itself.
 */
export async function compareSubmissions(
  viewer: Viewer | null, firstId: string, secondId: string, phase: PhaseKind = 'public',
): Promise<SubmissionComparison> {
  const [first, second] = [await getSubmission(viewer, firstId, phase), await getSubmission(viewer, secondId, phase)];
  if (first.id === second.id) throw new RequestError(400, 'A submission differs from itself in nothing: name two.');
  if (first.challenge.slug !== second.challenge.slug) {
    throw new RequestError(400, `Only submissions to one challenge saw the same images: these are to ${first.challenge.slug} and ${second.challenge.slug}.`);
  }
  const ids = [first.evaluation.id, second.evaluation.id];
  const [row] = await database().select({ protocol: evaluations.protocol }).from(evaluations).where(eq(evaluations.id, ids[0]));
  const protocol = row.protocol as Protocol;
  const cells = await outcomesOf(ids, protocol.trials.map(trialId));
  const side = ({ evaluation, report, declaredTta }: Submission): Side => ({
    cells: cells.get(evaluation.id) ?? new Map(), counting: countingOf(protocol, { report, declaredTta }),
  });
  const named = ({ id, name, userName, baseline, declaredTta }: Submission): Compared => ({ id, name, userName, baseline, declaredTta });
  return { challenge: first.challenge, phase, first: named(first), second: named(second), ...comparisonOf(protocol, side(first), side(second)) };
}
