// Where a submission stands in the field: the ranked figures of its phase without names, and its own among them.
import { and, desc, eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, phases, ranks, submissions } from '../db/schema.ts';
import type { Metric } from '../evaluation/score.ts';
import type { PhaseKind } from '../submissions/read.ts';
import { rankedColumns } from './counted.ts';

/** One ranked model; only baselines have names here. */
export type Standing = { value: number; baseline: string | null; this: boolean };

/**
 * Everything that is ranked in the phase of a submission's challenge, the best first. Reads the ranks, which anyone who may
 * read the board sees; for a submission that the viewer may read.
 */
export async function rankedField(submissionId: string, phase: PhaseKind, metric: Metric): Promise<Standing[]> {
  const value = rankedColumns[metric];
  const rows = await database()
    .select({
      value, id: ranks.submissionId,
      baseline: sql<string | null>`case when ${submissions.baseline} then ${submissions.name} end`,
    })
    .from(ranks)
    .innerJoin(phases, and(eq(phases.id, ranks.phaseId), eq(phases.kind, phase)))
    .innerJoin(submissions, eq(submissions.id, ranks.submissionId))
    .innerJoin(evaluations, and(eq(evaluations.submissionId, ranks.submissionId), eq(evaluations.phaseId, ranks.phaseId), evaluations.current))
    .where(and(
      sql`${value} is not null`,
      sql`${phases.challengeId} = (select own.challenge_id from submissions own where own.id = ${submissionId})`,
    ))
    .orderBy(desc(value));
  return rows.map((row) => ({ value: row.value!, baseline: row.baseline, this: row.id === submissionId }));
}
