// Enters a submission inside the caller's transaction: its row, and its evaluation in the public phase of its challenge.
import { and, eq } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { challenges, phases, submissions, type EvaluationTier, type StoredFile } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { enterPhase } from './enter-phase.ts';
import { nothingToRun } from './nothing-to-run.ts';

export type Entry = {
  challenge: { id: string };
  userId: string;
  name: string;
  comment?: string | null;
  files: StoredFile[];
  modelSha256: string;
  report: Report;
  baseline?: boolean;
  draftId?: string;
  declaredTta?: string | null;
  /** The team whose quota it uses. */
  teamId?: string | null;
  requestedAt?: Date;
  late?: boolean;
  createdAt?: Date;
  /** How much of the protocol it runs; all of it, when nothing is said. */
  tier?: EvaluationTier;
};

export type Entered = { submissionId: string; evaluationId: string };

/**
 * Enters it in the challenge's public phase; the evaluation begins when the transaction commits. Throws RequestError 409 for a model
 * that the protocol cannot ask anything.
 */
export async function enter(tx: Transaction, { challenge, report, tier, ...entry }: Entry): Promise<Entered> {
  const [submission] = await tx
    .insert(submissions)
    .values({ ...entry, report, challengeId: challenge.id })
    .returning();
  // Read now that the row refers to the challenge: a change of the protocol or the numerics class has been committed, or waits and
  // then finds the submission.
  const [{ protocol }] = await tx.select({ protocol: challenges.protocol }).from(challenges).where(eq(challenges.id, challenge.id));
  const [phase] = await tx.select().from(phases).where(and(eq(phases.challengeId, challenge.id), eq(phases.kind, 'public')));
  if (!phase) throw new Error(`Challenge ${challenge.id} has no public phase.`);
  const problem = nothingToRun(protocol as Protocol, report);
  if (problem) throw new RequestError(409, `${problem.found} Wanted: ${problem.wanted} ${problem.fix}`);
  const evaluationId = await enterPhase(tx, phase, { ...submission, report }, protocol as Protocol, tier);
  return { submissionId: submission.id, evaluationId };
}
