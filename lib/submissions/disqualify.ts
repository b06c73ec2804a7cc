// Takes a submission out of every ranking, with a reason that its student reads, and lets it back in.
import { eq, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { holding } from '../challenges/change.ts';
import type { Transaction } from '../db/client.ts';
import { evaluations, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { getSubmission, type Submission } from './read.ts';

const longestReason = 1000;

/**
 * Disqualifies: it counts no more, on no board, and the final phase leaves it out; another submission of its student may count then.
 * Throws as changeChallenge; RequestError 404 (submission), 400 (reason), 409 for a baseline or one that is out already.
 */
export async function disqualify(viewer: Viewer | null, submissionId: string, text: string): Promise<void> {
  const submission = await getSubmission(viewer, submissionId);
  const reason = text.trim();
  await holding(viewer, submission.challenge.slug, async (tx, challenge) => {
    if (submission.baseline) throw new RequestError(409, 'A baseline is nobody’s work, so it cannot be disqualified. Retire it among the baselines.');
    if (reason.length < 1 || reason.length > longestReason) {
      throw new RequestError(400, `Give the reason in 1 to ${longestReason} characters, for its student to read; these are ${reason.length}.`);
    }
    const change = { disqualifiedAt: sql`now()`, disqualifiedReason: reason };
    await changeOnce(tx, submission, change, 'It has been disqualified already.', (row) => row.disqualifiedAt === null);
    await record(tx, viewer!, 'submission.disqualify', { challengeId: challenge.id, subject: submission.id, detail: { reason } });
  });
}

/** Lifts a disqualification. Throws as disqualify, and 409 for one that is not out. */
export async function reinstate(viewer: Viewer | null, submissionId: string): Promise<void> {
  const submission = await getSubmission(viewer, submissionId);
  await holding(viewer, submission.challenge.slug, async (tx, challenge) => {
    const change = { disqualifiedAt: null, disqualifiedReason: null };
    await changeOnce(tx, submission, change, 'It is not disqualified.', (row) => row.disqualifiedAt !== null);
    await record(tx, viewer!, 'submission.reinstate', { challengeId: challenge.id, subject: submission.id });
  });
}

type Row = typeof submissions.$inferSelect;
type Change = { disqualifiedAt: ReturnType<typeof sql> | null; disqualifiedReason: string | null };

/** Changes the row if it is as it must be, and has the boards it stands on ranked again. */
async function changeOnce(tx: Transaction, { id }: Submission, change: Change, refusal: string, fits: (row: Row) => boolean): Promise<void> {
  const [row] = await tx.select().from(submissions).where(eq(submissions.id, id)).for('update');
  if (!fits(row)) throw new RequestError(409, refusal);
  await tx.update(submissions).set(change).where(eq(submissions.id, id));
  const boards = await tx.selectDistinct({ phaseId: evaluations.phaseId }).from(evaluations).where(eq(evaluations.submissionId, id));
  for (const { phaseId } of boards) await enqueueRank(tx, phaseId);
}
