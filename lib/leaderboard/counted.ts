// Which submissions a board is made of: every baseline, and of each student the best by the primary metric.
import { and, desc, eq, isNull, ne, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, submissions, users, type EvaluationStatus, type StoredCorruption } from '../db/schema.ts';
import { currentScore, type Metric, type Score, type Subject } from '../evaluation/score.ts';

/** What of a score a board shows; the breakdowns, by far the most of it, stay on the submission's own page. */
export type BoardScore = Omit<Score, 'perturbations' | 'policies'>;

export type Counted = {
  evaluationId: string;
  submissionId: string;
  userId: string;
  /** What the student called the model. */
  name: string;
  /** Who made it. */
  by: string;
  baseline: boolean;
  status: EvaluationStatus;
  score: BoardScore | null;
  /** Against the phase's reference CNN; null until both have landed. */
  corruption: StoredCorruption | null;
  parameters: number;
  /** Operators that kept the attacks from being run; none for a model with a gradient. */
  withoutGradient: string[];
  /** Label of the TTA policy its columns are measured under; null for the bare model. */
  declaredTta: string | null;
  createdAt: Date;
};

/**
 * The counted submissions of a phase, in no order. A student none of whose submissions has the primary metric yet is
 * counted with the newest that has not failed.
 */
export async function counted(phaseId: string, metric: Metric): Promise<Counted[]> {
  const owner = sql`case when ${submissions.baseline} then ${submissions.id} else ${submissions.userId} end`;
  // What is not ranked by the metric counts no more than what has none.
  const value = sql`case when ${evaluations.score} -> 'notRanked' ->> ${metric} is null
    then (${evaluations.score} -> ${metric} ->> 'value')::float8 end`;
  const rows = await database()
    .selectDistinctOn([owner], {
      evaluationId: evaluations.id,
      submissionId: submissions.id,
      userId: submissions.userId,
      name: submissions.name,
      by: users.name,
      baseline: submissions.baseline,
      status: evaluations.status,
      score: sql<Score | null>`${evaluations.score} - 'perturbations' - 'policies'`,
      corruption: evaluations.corruption,
      parameters: sql<number | null>`(${submissions.report} ->> 'parameters')::float8`,
      withoutGradient: sql<string[] | null>`${submissions.report} -> 'operatorsWithoutGradient'`,
      declaredTta: submissions.declaredTta,
      createdAt: submissions.createdAt,
    })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(and(eq(evaluations.phaseId, phaseId), evaluations.current, isNull(submissions.disqualifiedAt), ne(evaluations.status, 'cancelled')))
    .orderBy(owner, sql`${value} desc nulls last`, sql`${evaluations.status} = 'failed'`, desc(submissions.createdAt));
  return rows.map((row) => ({ ...row, score: currentScore(row.score), parameters: row.parameters ?? 0, withoutGradient: row.withoutGradient ?? [] }));
}

/** What of a submission its score depends on. */
export function subjectOf({ withoutGradient, declaredTta }: Pick<Counted, 'withoutGradient' | 'declaredTta'>): Subject {
  return { report: { operatorsWithoutGradient: withoutGradient }, declaredTta };
}
