// Tells whoever handed a submission in, with their team, how its evaluation ended and what became of a regrade request.
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { challenges, members, phases, submissions, type evaluations, type Failure, type regradeRequests } from '../db/schema.ts';
import { metrics, type Metric, type Score } from '../evaluation/score.ts';
import { notify } from '../notifications/notify.ts';

type Evaluation = Pick<typeof evaluations.$inferSelect, 'id' | 'submissionId' | 'phaseId' | 'current'>;

const metricNames: Record<Metric, string> = {
  clean: 'Clean accuracy',
  mixed: 'Accuracy on the mixed set',
  meanPerturbation: 'Mean accuracy under perturbations',
  robust: 'Robust accuracy',
};

/** Once a submission: an evaluation that is extended to the whole protocol, or run again, has been told of. */
export async function tellFinished(tx: Transaction, evaluation: Evaluation, score: Score): Promise<void> {
  const about = await subject(tx, evaluation);
  if (!about) return;
  const { users, metric, challenge, submission } = about;
  const payload = { challenge, submission, metric: metricNames[metric], score: score[metric]?.value ?? null };
  await notify(tx, 'evaluation-finished', { users, subjectId: submission.id, payload });
}

export async function tellFailed(tx: Transaction, evaluation: Evaluation, failure: Failure): Promise<void> {
  const about = await subject(tx, evaluation);
  if (!about) return;
  const { users, challenge, submission } = about;
  const why =
    failure.blame === 'student'
      ? { reason: `${failure.problem.found} ${failure.problem.wanted}`, fix: failure.problem.fix }
      : { reason: failure.message };
  const payload = { challenge, submission, blame: failure.blame, ...why };
  await notify(tx, 'evaluation-failed', { users, subjectId: evaluation.id, payload });
}

export async function tellAnswered(
  tx: Transaction, request: typeof regradeRequests.$inferSelect, answered: { accepted: boolean; answer: string },
): Promise<void> {
  const { challenge, submission, users } = await handedIn(tx, request.submissionId);
  const payload = { challenge, submission, ...answered };
  await notify(tx, 'regrade-answered', { users: [request.userId, ...users], subjectId: request.id, payload });
}

/**
 * Null for what nobody waits for: baselines, evaluations beside the current one, and the final phase, whose results are told of
 * when its seed is revealed.
 */
async function subject(tx: Transaction, { submissionId, phaseId, current }: Evaluation) {
  const [phase] = await tx.select({ kind: phases.kind }).from(phases).where(eq(phases.id, phaseId));
  if (!current || phase?.kind !== 'public') return null;
  const { baseline, ...about } = await handedIn(tx, submissionId);
  return baseline ? null : about;
}

/** A submission with whoever handed it in, and their team. */
async function handedIn(tx: Transaction, submissionId: string) {
  // Column by column, because the role of an evaluating worker may read no others.
  const [row] = await tx
    .select({
      submission: { id: submissions.id, name: submissions.name }, userId: submissions.userId, teamId: submissions.teamId,
      baseline: submissions.baseline, challengeId: challenges.id, challenge: { slug: challenges.slug, title: challenges.title },
      metric: challenges.primaryMetric,
    })
    .from(submissions)
    .innerJoin(challenges, eq(challenges.id, submissions.challengeId))
    .where(eq(submissions.id, submissionId));
  const { userId, teamId, challengeId, submission, challenge, baseline } = row;
  const mates = teamId
    ? await tx.select({ userId: members.userId }).from(members).where(and(eq(members.challengeId, challengeId), eq(members.teamId, teamId)))
    : [];
  return {
    users: [userId, ...mates.map((mate) => mate.userId)],
    metric: metrics.find((metric) => metric === row.metric) ?? ('mixed' as const),
    challenge,
    submission,
    baseline,
  };
}
