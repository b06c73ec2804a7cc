// Computes scores of an earlier shape anew from their cells. Part of the ranking job; a page shows them as they are until then.
import { and, eq, isNotNull, ne, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { cells, evaluations, submissions } from '../db/schema.ts';
import type { Report } from '../evaluation/report.ts';
import { score, scoreVersion } from '../evaluation/score.ts';
import type { Protocol } from '../evaluation/trial.ts';

/** Rewrites the scores of a phase that an earlier version of the platform stored. */
export async function rescore(phaseId: string): Promise<void> {
  const earlier = ne(sql`coalesce(${evaluations.score} ->> 'version', '')`, String(scoreVersion));
  const rows = await database()
    .select({ id: evaluations.id, protocol: evaluations.protocol, report: submissions.report, declaredTta: submissions.declaredTta })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .where(and(eq(evaluations.phaseId, phaseId), isNotNull(evaluations.score), earlier));
  for (const { id, protocol, report, declaredTta } of rows) {
    await database().transaction(async (tx) => {
      // The same lock as a landing part takes: what lands meanwhile is not overwritten.
      await tx.select({ id: evaluations.id }).from(evaluations).where(eq(evaluations.id, id)).for('update');
      const landed = await tx.select().from(cells).where(eq(cells.evaluationId, id));
      const found = score(protocol as Protocol, new Map(landed.map((row) => [row.trialId, row])), { report: report as Report, declaredTta });
      await tx.update(evaluations).set({ score: found }).where(eq(evaluations.id, id));
    });
  }
}
