// A student's word which of their submissions is to count, in a challenge where they choose.
import { and, eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { getChallenge } from '../challenges/challenges.ts';
import { database } from '../db/client.ts';
import { evaluations, phases, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { relationTo } from './access.ts';
import { deadlinesOf, type Terms } from './intake.ts';
import { ownerOf } from './quota.ts';
import { getSubmission, type Submission } from './read.ts';

/** So that what was submitted in the last minute can be evaluated before one has to choose. */
const hoursAfterTheEnd = 24;

/** Until when the student of a submission may choose: a day after nothing is taken from them any more. Null without a deadline. */
export function chooseUntil(terms: Terms, extendedUntil: Date | null): Date | null {
  const deadline = deadlinesOf(terms, extendedUntil);
  return deadline && new Date(new Date(deadline.lateUntil ?? deadline.at).getTime() + hoursAfterTheEnd * 3_600_000);
}

/** Why a submission cannot be chosen by its student at a moment; null when it can. For a submission in its public phase. */
export async function choiceProblem(terms: Terms, submission: Submission, userId: string, now: Date): Promise<string | null> {
  const { evaluation, disqualified } = submission;
  if (terms.policy.counted !== 'chosen') return 'In this challenge the best submission counts, and there is nothing to choose.';
  if (terms.archived) return 'The challenge is archived.';
  if (disqualified) return 'It is disqualified, so it cannot count.';
  if (evaluation.status !== 'finished') return 'Only a submission whose evaluation has finished can be chosen.';
  const { extendedUntil } = await ownerOf(database(), terms.id, userId);
  const until = chooseUntil(terms, extendedUntil);
  if (until && now >= until) return `The time to choose ended at ${until.toISOString()} (UTC).`;
  return (await finalBegun(terms.id)) ? 'The final phase has begun with what counted until then.' : null;
}

async function finalBegun(challengeId: string): Promise<boolean> {
  const entered = and(eq(phases.challengeId, challengeId), eq(phases.kind, 'final'));
  const [row] = await database().select({ id: evaluations.id }).from(evaluations).innerJoin(phases, eq(phases.id, evaluations.phaseId)).where(entered).limit(1);
  return row !== undefined;
}

/**
 * Makes a submission the one that counts for its student or team; the newest choice holds. Throws RequestError 401, 404 (submission),
 * 403 for everybody but its student and their team, and 409 where it cannot be chosen, with why.
 */
export async function chooseSubmission(viewer: Viewer | null, submissionId: string, now: Date = new Date()): Promise<void> {
  const submission = await getSubmission(viewer, submissionId);
  const { id, challenge: { id: challengeId, slug }, userId, team, baseline } = submission;
  if ((await relationTo(viewer, { userId, challengeId, baseline, teamId: team?.id })) !== 'own') {
    throw new RequestError(viewer ? 403 : 401, 'Only its student and their team choose which submission counts.');
  }
  const problem = await choiceProblem(await getChallenge(slug), submission, viewer!.id, now);
  if (problem) throw new RequestError(409, problem);
  await database().transaction(async (tx) => {
    await tx.update(submissions).set({ chosenAt: now }).where(eq(submissions.id, id));
    const [{ phaseId }] = await tx.select({ phaseId: evaluations.phaseId }).from(evaluations)
      .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
      .where(and(eq(evaluations.submissionId, id), evaluations.current));
    await enqueueRank(tx, phaseId);
  });
}
