// What a student sees of re-evaluations: that a submission was or is being run again, and why.
import { and, desc, eq, ne } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { evaluations, phases, reevaluations } from '../db/schema.ts';
import { getSubmission, type PhaseKind } from '../submissions/read.ts';

/** `since` is ISO 8601: when it was applied, or started. */
export type RerunView = { status: 'running' | 'applied'; reason: string; since: string };

/**
 * The re-evaluations of a submission in a phase that are running or were applied, the newest first. Throws RequestError 404 when
 * the viewer may not see the submission.
 */
export async function rerunsOf(viewer: Viewer | null, submissionId: string, phase: PhaseKind = 'public'): Promise<RerunView[]> {
  const { id } = await getSubmission(viewer, submissionId, phase);
  const { reason, status, createdAt, decidedAt } = reevaluations;
  const rows = await database()
    .select({ reason, status, createdAt, decidedAt, taken: ne(evaluations.status, 'failed'), current: evaluations.current })
    .from(evaluations)
    .innerJoin(reevaluations, eq(reevaluations.id, evaluations.reevaluationId))
    .innerJoin(phases, and(eq(phases.id, reevaluations.phaseId), eq(phases.kind, phase)))
    .where(and(eq(evaluations.submissionId, id), ne(reevaluations.status, 'cancelled')))
    .orderBy(desc(reevaluations.createdAt));
  return rows
    .filter((row) => row.status === 'running' || row.taken || row.current)
    .map((row) => ({ status: row.status as RerunView['status'], reason: row.reason, since: (row.decidedAt ?? row.createdAt).toISOString() }));
}
