// From the headline to the whole protocol: the shards that are missing are planned, and what has landed stays.
import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { policyOf } from '../challenges/policy.ts';
import { admitted, type Admitted } from '../challenges/standing.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges, evaluations, phases, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import type { Metric } from '../evaluation/score.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { counted } from '../leaderboard/counted.ts';
import { mayAct } from '../submissions/access.ts';
import { allowance, errorOf, type Allowance } from '../submissions/allowance.ts';
import { planRest } from '../submissions/enter-phase.ts';
import { headlineOf } from '../submissions/headline.ts';
import { lockOwner, ownerOf } from '../submissions/quota.ts';
import { getSubmission, type Submission } from '../submissions/read.ts';
import { scoreAgain } from './land.ts';
import { notifyProgress } from './progress.ts';

/**
 * Has a headline evaluation run the whole protocol. False, and nothing changes, for one that does already, that has failed or was
 * cancelled, or whose challenge is measured otherwise now. Two at once promote it once.
 */
export async function promote(tx: Transaction, evaluationId: string): Promise<boolean> {
  const [row] = await tx
    .select({ evaluation: evaluations, submission: submissions, phase: phases, whole: challenges.protocol })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .innerJoin(challenges, eq(challenges.id, phases.challengeId))
    .where(eq(evaluations.id, evaluationId))
    .for('update', { of: evaluations });
  const { evaluation, submission, phase } = row;
  const whole = row.whole as Protocol;
  if (evaluation.tier === 'full' || !['queued', 'running', 'finished'].includes(evaluation.status)) return false;
  if (!isDeepStrictEqual(evaluation.protocol, headlineOf(whole, submission.declaredTta))) return false;

  const begun = evaluation.status === 'queued' ? 'queued' : 'running';
  await tx.update(evaluations).set({ tier: 'full', protocol: whole, status: begun, finishedAt: null }).where(eq(evaluations.id, evaluationId));
  await planRest(tx, phase, evaluationId, { ...submission, report: submission.report as Report }, whole);
  // Finishes it again when the model can be asked nothing more, for want of a gradient.
  if (evaluation.status === 'finished') await scoreAgain(tx, { ...evaluation, protocol: whole });
  await notifyProgress(tx, { submissionId: submission.id, evaluationId });
  return true;
}

/**
 * In a challenge where what counts gets the whole protocol, promotes what counts by now. By the headline: what is ranked by another
 * column is promoted for its mixed accuracy, since without the rest it has no such column to be the best by.
 */
export async function promoteCounted(phaseId: string): Promise<void> {
  const [row] = await database()
    .select({ kind: phases.kind, policy: challenges.policy, metric: challenges.primaryMetric })
    .from(phases)
    .innerJoin(challenges, eq(challenges.id, phases.challengeId))
    .where(eq(phases.id, phaseId));
  if (row?.kind !== 'public' || policyOf(row.policy).fullProtocol !== 'counted') return;
  const metric: Metric = row.metric === 'clean' ? 'clean' : 'mixed';
  for (const { evaluationId, tier, status } of await counted(phaseId, metric)) {
    if (tier === 'headline' && status === 'finished') await database().transaction((tx) => promote(tx, evaluationId));
  }
}

/** Why its student cannot have the whole protocol run on a submission; null when they can. */
export function promotionProblem({ evaluation }: Submission, { full, mayUpload, refusal }: Allowance): string | null {
  if (evaluation.tier === 'full') return 'It runs the full protocol already.';
  if (!['queued', 'running', 'finished'].includes(evaluation.status)) return `Its evaluation has ${evaluation.status}.`;
  if (full.rule === 'counted') return 'In this challenge the submission that counts runs the full protocol by itself.';
  if (!mayUpload) return refusal!.reason;
  if (full.limit !== null && full.used >= full.limit) return `The ${full.limit} full evaluations of today are used.`;
  return null;
}

/**
 * Has the whole protocol run on a headline submission: for its student and their team out of the day's full evaluations, for an
 * instructor at any time. Throws RequestError 401, 404 (submission), 403 (of somebody else, or past the dates), 409 where there is nothing to
 * promote, and 429 when the day's are used.
 */
export async function runFullProtocol(viewer: Viewer | null, submissionId: string, now: Date = new Date()): Promise<void> {
  const submission = await getSubmission(viewer, submissionId);
  const { challenge: { id: challengeId, slug }, userId, baseline, team, evaluation } = submission;
  const by = await mayAct(viewer, { userId, challengeId, baseline, teamId: team?.id });
  const found = await admitted(viewer, slug);
  await database().transaction(async (tx) => {
    if (by === 'own') await checkOwn(tx, viewer!, found, submission, now);
    if (!(await promote(tx, evaluation.id))) {
      throw new RequestError(409, 'It runs the full protocol already, has ended without a score, or was measured by an earlier protocol.');
    }
    if (by === 'office') await record(tx, viewer!, 'submission.promote', { challengeId, subject: submission.id });
  });
}

async function checkOwn(tx: Transaction, viewer: Viewer, { challenge, standing }: Admitted, submission: Submission, now: Date): Promise<void> {
  await lockOwner(tx, await ownerOf(tx, challenge.id, viewer.id));
  const allowed = await allowance(viewer, challenge, now, { standing, reader: tx });
  const problem = promotionProblem(submission, allowed);
  if (!problem) return;
  if (!allowed.mayUpload) throw errorOf(allowed.refusal!);
  throw new RequestError(allowed.full.limit !== null && allowed.full.used >= allowed.full.limit ? 429 : 409, problem);
}
