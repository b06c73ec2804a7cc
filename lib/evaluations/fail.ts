// Ends an evaluation that cannot finish, and says whose fault it was.
import { eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, type Failure } from '../db/schema.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { notifyProgress } from './progress.ts';
import { tellFailed } from './tell.ts';
import { abandonShards } from './work.ts';

/** Fails a queued or running evaluation with its reason; one that has ended stays as it is. Returns whether it did. */
export async function failEvaluation(evaluationId: string, failure: Failure): Promise<boolean> {
  return database().transaction(async (tx) => {
    const [evaluation] = await tx.select().from(evaluations).where(eq(evaluations.id, evaluationId)).for('update');
    if (!evaluation || !['queued', 'running'].includes(evaluation.status)) return false;
    await tx.update(evaluations).set({ status: 'failed', failure, finishedAt: sql`now()` }).where(eq(evaluations.id, evaluationId));
    await abandonShards(tx, evaluationId);
    await enqueueRank(tx, evaluation.phaseId);
    await tellFailed(tx, evaluation, failure);
    await notifyProgress(tx, { submissionId: evaluation.submissionId, evaluationId });
    return true;
  });
}
