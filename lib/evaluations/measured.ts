// An evaluation with the seed of its phase, for verbs that make its images again. The seed goes no further than their keys.
import { eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { evaluations, phases } from '../db/schema.ts';
import { keysFor } from '../evaluation/shards.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';
import type { Wanted } from '../pictures/pictures.ts';
import { getSubmission, type PhaseKind, type Submission } from '../submissions/read.ts';

export type Measured = {
  submission: Submission;
  protocol: Protocol;
  revealedAt: Date | null;
  /** What the thread of lib/pictures is asked for. */
  wanted: (trial: Trial, positions: readonly number[]) => Wanted;
};

/** Throws RequestError 404 when the viewer may not see the submission, or it is not in the phase. */
export async function measuredIn(viewer: Viewer | null, submissionId: string, phase: PhaseKind): Promise<Measured> {
  const submission = await getSubmission(viewer, submissionId, phase);
  const [row] = await database()
    .select({ protocol: evaluations.protocol, seed: phases.seed, revealedAt: phases.revealedAt })
    .from(evaluations)
    .innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .where(eq(evaluations.id, submission.evaluation.id));
  const protocol = row.protocol as Protocol;
  const seed = Buffer.from(row.seed).toString('hex');
  const wanted = (trial: Trial, positions: readonly number[]) => ({ protocol, trial, keys: keysFor(protocol, trial, seed), positions });
  return { submission, protocol, revealedAt: row.revealedAt, wanted };
}
