// Ends an evaluation that nobody wants any more: on the word of its student, their team, or an instructor.
import { and, eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { evaluations, phases, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { idOf, mayAct, mayRead } from '../submissions/access.ts';
import { notifyProgress } from './progress.ts';
import { abandonShards, endNow } from './work.ts';

/**
 * Cancels a submission whose public evaluation is queued or running; again changes nothing. What has landed stays to be looked at, and a
 * child that runs stops with its next part. A cancelled one never counts, and gives its place of the day back.
 * Throws RequestError 401, 404 (submission), 403 (of somebody else, to assistants), and 409 when it has ended.
 */
export async function cancelSubmission(viewer: Viewer | null, submissionId: string): Promise<void> {
  const id = idOf(submissionId, 'submission');
  const [submission] = await database().select().from(submissions).where(eq(submissions.id, id));
  await mayRead(viewer, submission, 'submission');
  const by = await mayAct(viewer, submission);
  await database().transaction(async (tx) => {
    const [evaluation] = await tx
      .select({ id: evaluations.id, status: evaluations.status, phaseId: evaluations.phaseId })
      .from(evaluations)
      .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
      .where(and(eq(evaluations.submissionId, id), evaluations.current))
      .for('update', { of: evaluations });
    if (evaluation.status === 'cancelled') return;
    if (evaluation.status !== 'queued' && evaluation.status !== 'running') {
      throw new RequestError(409, `Its evaluation has ${evaluation.status} already, so there is nothing to cancel.`);
    }
    await tx.update(evaluations).set({ status: 'cancelled', finishedAt: endNow }).where(eq(evaluations.id, evaluation.id));
    await abandonShards(tx, evaluation.id);
    await enqueueRank(tx, evaluation.phaseId);
    await notifyProgress(tx, { submissionId: id, evaluationId: evaluation.id });
    if (by === 'office') await record(tx, viewer!, 'submission.cancel', { challengeId: submission.challengeId, subject: id });
  });
}
