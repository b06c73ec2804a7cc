// Which submissions a board is made of: every baseline, and of each team or student without one the best, or the chosen.
import { and, desc, eq, isNull, ne, or, sql, type SQL } from 'drizzle-orm';
import { database } from '../db/client.ts';
import {
  challenges, evaluations, members, submissions, teams, users, type EvaluationStatus, type EvaluationTier, type StoredCorruption,
} from '../db/schema.ts';
import { currentScore, type Metric, type Score, type Subject } from '../evaluation/score.ts';

/** What of a score a board shows; the breakdowns, by far the most of it, stay on the submission's own page. */
export type BoardScore = Omit<Score, 'perturbations' | 'policies'>;

export type Counted = {
  evaluationId: string;
  submissionId: string;
  /** Who sent it; of a team, one of its members. */
  userId: string;
  /** The team it stands for; null for a student alone. */
  teamId: string | null;
  teamName: string | null;
  /** What the student called the model. */
  name: string;
  /** Who made it. */
  by: string;
  baseline: boolean;
  status: EvaluationStatus;
  /** `headline` as long as only clean and mixed are measured. */
  tier: EvaluationTier;
  /** Whether it came after the deadline that held for its student. */
  late: boolean;
  /** When its upload began: what a penalty for lateness is computed from. */
  requestedAt: Date;
  score: BoardScore | null;
  /** Against the phase's reference CNN; null until both have landed. */
  corruption: Omit<StoredCorruption, 'perturbations'> | null;
  parameters: number;
  /** Operators that kept the attacks from being run; none for a model with a gradient. */
  withoutGradient: string[];
  /** Label of the TTA policy its columns are measured under; null for the bare model. */
  declaredTta: string | null;
  createdAt: Date;
};

/** Whom a submission stands for: itself when it is a baseline, else its team, else its student. Where `members` is joined to its sender. */
export const standsFor = sql<string>`case when ${submissions.baseline} then ${submissions.id}
  else coalesce(${submissions.teamId}, ${members.teamId}, ${submissions.userId}) end`;

/** The join of `standsFor`. */
export const sender = and(eq(members.challengeId, submissions.challengeId), eq(members.userId, submissions.userId));

/** Students who still take part; what a team has sent stays as long as the team has a student. Staff only try things. */
export const takesPart = or(
  submissions.baseline,
  eq(members.role, 'student'),
  sql`exists (select 1 from members mates where mates.team_id = ${submissions.teamId} and mates.role = 'student')`,
);

/** A re-evaluation whose results are looked at in place of the current ones, as if it had been applied. */
export type Instead = {
  reevaluationId: string;
  /** Whether applying it leaves nothing of the old board: then what it did not measure does not stand. */
  whole: boolean;
};

function standing(instead: Instead | undefined): SQL {
  if (!instead) return sql`${evaluations.current}`;
  const again = sql`${evaluations.reevaluationId} is not distinct from ${instead.reevaluationId}`;
  if (instead.whole) return again;
  const done = sql`exists (select 1 from evaluations again where again.submission_id = ${submissions.id}
    and again.reevaluation_id = ${instead.reevaluationId} and again.status = 'finished')`;
  return sql`case when ${done} then ${again} else ${evaluations.current} end`;
}

/**
 * The counted submissions of a phase, in no order: of a challenge where students choose, the one chosen last, else the best by the
 * metric. Where none has the metric yet, the newest that has not failed. Cancelled and disqualified ones never count.
 */
export async function counted(phaseId: string, metric: Metric, instead?: Instead): Promise<Counted[]> {
  const counting = chosenOf(phaseId, metric, instead).as('counting');
  const rows = await database()
    .select({
      evaluationId: evaluations.id,
      submissionId: submissions.id,
      userId: submissions.userId,
      teamId: teams.id,
      teamName: teams.name,
      name: submissions.name,
      by: users.name,
      baseline: submissions.baseline,
      status: evaluations.status,
      tier: evaluations.tier,
      late: submissions.late,
      requestedAt: submissions.requestedAt,
      score: sql<Score | null>`${evaluations.score} - 'perturbations' - 'policies'`,
      corruption: sql<Counted['corruption']>`${evaluations.corruption} - 'perturbations'`,
      parameters: sql<number | null>`(${submissions.report} ->> 'parameters')::float8`,
      withoutGradient: sql<string[] | null>`${submissions.report} -> 'operatorsWithoutGradient'`,
      declaredTta: submissions.declaredTta,
      createdAt: submissions.createdAt,
    })
    .from(counting)
    .innerJoin(evaluations, eq(evaluations.id, counting.evaluationId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .leftJoin(members, sender)
    .leftJoin(teams, and(eq(submissions.baseline, false), sql`${teams.id} = coalesce(${submissions.teamId}, ${members.teamId})`));
  return rows.map((row) => ({ ...row, score: currentScore(row.score), parameters: row.parameters ?? 0, withoutGradient: row.withoutGradient ?? [] }));
}

/** Columns of `evaluations` that a metric is ranked by. */
export const rankedColumns = {
  mixed: evaluations.rankedMixed, meanPerturbation: evaluations.rankedMeanPerturbation, robust: evaluations.rankedRobust, clean: evaluations.rankedClean,
} satisfies Record<Metric, unknown>;

/** The evaluations that count, as `evaluationId`, found without unpacking a score: a class has thousands, and a board shows hundreds. */
export function chosenOf(phaseId: string, metric: Metric, instead?: Instead) {
  const chosen = sql`case when ${challenges.policy} ->> 'counted' = 'chosen' then ${submissions.chosenAt} end`;
  return database()
    .selectDistinctOn([standsFor], { evaluationId: sql<string>`${evaluations.id}`.as('counting_id') })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(challenges, eq(challenges.id, submissions.challengeId))
    .leftJoin(members, sender)
    .where(and(
      eq(evaluations.phaseId, phaseId), standing(instead), isNull(submissions.disqualifiedAt), ne(evaluations.status, 'cancelled'), takesPart,
    ))
    .orderBy(
      standsFor, sql`${chosen} desc nulls last`, sql`${rankedColumns[metric]} desc nulls last`, sql`${evaluations.status} = 'failed'`,
      desc(submissions.createdAt),
    );
}

/** What of a submission its score depends on. */
export function subjectOf({ withoutGradient, declaredTta }: Pick<Counted, 'withoutGradient' | 'declaredTta'>): Subject {
  return { report: { operatorsWithoutGradient: withoutGradient }, declaredTta };
}
