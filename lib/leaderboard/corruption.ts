// Corruption errors of a phase's evaluations against its reference CNN. Part of the ranking job, since they hang on two models.
import { and, eq, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, submissions } from '../db/schema.ts';
import { corruptionError } from '../evaluation/corruption.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { outcomesOf } from './cells.ts';

/** The file of lib/baselines that is R of spec 1.4. */
export const referenceFile = 'reference-cnn.onnx';

/** The evaluation of the reference CNN in a phase; null where the challenge was set up without it. */
async function referenceOf(phaseId: string): Promise<string | null> {
  const [row] = await database()
    .select({ id: evaluations.id })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .where(and(eq(evaluations.phaseId, phaseId), evaluations.current, eq(submissions.baseline, true), sql`${submissions.files} -> 0 ->> 'name' = ${referenceFile}`))
    .orderBy(evaluations.createdAt)
    .limit(1);
  return row?.id ?? null;
}

/**
 * Fills in what could not be computed when an evaluation's cells landed because the reference's had not, and computes anew
 * what was measured against another reference. Cells never change, so the rest stands.
 */
export async function measureCorruption(phaseId: string): Promise<void> {
  const reference = await referenceOf(phaseId);
  if (!reference) return;
  const stale = or(isNull(evaluations.corruption), ne(sql`${evaluations.corruption} ->> 'reference'`, reference));
  const ready = isNotNull(sql`${evaluations.score} -> 'meanPerturbation' ->> 'value'`);
  const rows = await database()
    .select({ id: evaluations.id, protocol: evaluations.protocol })
    .from(evaluations)
    .where(and(eq(evaluations.phaseId, phaseId), ready, stale));
  for (const { id, protocol } of rows) {
    const trials = (protocol as Protocol).trials.filter(({ kind, tta }) => (kind === 'perturbation' || kind === 'clean') && !tta);
    const cells = await outcomesOf([id, reference], trials.map(trialId));
    const found = corruptionError(protocol as Protocol, cells.get(id) ?? new Map(), cells.get(reference) ?? new Map());
    if (found) await database().update(evaluations).set({ corruption: { ...found, reference } }).where(eq(evaluations.id, id));
  }
}
