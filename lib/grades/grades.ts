// The grades of a challenge: its rule, what the rule makes of the standings, and the files that grade books take.
import { eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { challenges } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { gradeOf, gradingRuleSchema, parseRule, type GradingRule } from './rule.ts';
import { gradedStudents, type Graded } from './standings.ts';

/** `grade` is null as long as there is no rule. */
export type GradeRow = Graded & { grade: number | null };
export type Grades = {
  challenge: ChallengeView;
  /** The rule that was applied: the one asked for, else the saved one. */
  rule: GradingRule | null;
  saved: GradingRule | null;
  rows: GradeRow[];
};

/**
 * Everybody's grade under the saved rule, or under another one to see what it would do. Without any rule the standings of the
 * final phase alone. Throws RequestError 401, 403 (staff only) and 404 (challenge).
 */
export async function gradesOf(viewer: Viewer | null, slug: string, preview?: GradingRule): Promise<Grades> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const saved = await savedRule(challenge.id);
  const rule = preview ?? saved;
  const students = await gradedStudents(challenge, rule?.phase ?? 'final');
  const rows = students.map((one) => ({ ...one, grade: rule && gradeOf(rule, one, challenge.policy.latePenaltyPerDay) }));
  return { challenge, rule, saved, rows };
}

/** Keeps a rule for the challenge. Throws RequestError 400 (rule), 401, 403 (instructors only) and 404 (challenge). */
export async function saveRule(viewer: Viewer | null, slug: string, json: unknown): Promise<GradingRule> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  const rule = parseRule(json);
  await database().transaction(async (tx) => {
    await tx.update(challenges).set({ gradingRule: rule }).where(eq(challenges.id, challenge.id));
    await record(tx, viewer!, 'grades.rule', { challengeId: challenge.id, subject: slug, detail: rule });
  });
  return rule;
}

async function savedRule(challengeId: string): Promise<GradingRule | null> {
  const [row] = await database().select({ rule: challenges.gradingRule }).from(challenges).where(eq(challenges.id, challengeId));
  return row.rule === null ? null : gradingRuleSchema.parse(row.rule);
}

/** As gradesOf, for what leaves the site. Throws RequestError 409 too, as long as no rule says what a grade is. */
export async function gradesToExport(viewer: Viewer | null, slug: string, as: string): Promise<Grades & { rule: GradingRule }> {
  const grades = await gradesOf(viewer, slug);
  const { rule, challenge } = grades;
  if (!rule) throw new RequestError(409, `"${challenge.title}" has no grading rule yet. Make one on its grades page first.`);
  await database().transaction((tx) => record(tx, viewer!, 'grades.export', { challengeId: challenge.id, subject: slug, detail: { as } }));
  return { ...grades, rule };
}
