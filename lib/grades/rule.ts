// A grading rule: how a grade is made of a place on the board. Pure; what it is applied to comes from standings.ts.
import { z } from 'zod';
import { RequestError } from '../errors.ts';

const percent = z.number().min(0).max(100);
const grade = z.number().min(0).max(1000);

const thresholds = z.object({
  kind: z.literal('thresholds'),
  /** Between two thresholds the lower one's grade holds (`step`), or it rises in a straight line to the higher one's (`line`). */
  between: z.enum(['step', 'line']),
  /** From `from` percent of the primary metric on, the grade; below the lowest there is none: 0. */
  steps: z.array(z.object({ from: percent, grade })).min(1).max(50),
});

const curve = z.object({
  kind: z.literal('curve'),
  /** The best `top` percent of the students get the grade. Who is not significantly apart shares a rank, and so a grade. */
  steps: z.array(z.object({ top: percent, grade })).min(1).max(50),
});

export const gradingRuleSchema = z.object({
  phase: z.enum(['public', 'final']).default('final'),
  /** The full grade, as a grade book wants to know it. */
  maximum: z.number().positive().max(1000).default(100),
  /** For whoever has nothing that counts. */
  missing: grade.default(0),
  decimals: z.number().int().min(0).max(3).default(1),
  scale: z.discriminatedUnion('kind', [thresholds, curve]),
});

export type GradingRule = z.infer<typeof gradingRuleSchema>;

/** What a grade is made of. `value` is the primary metric in [0, 1]; null without anything that counts. */
export type Standing = {
  value: number | null;
  /** Share of the graded students that stand significantly before this one, in [0, 1). */
  before: number;
  /** Begun days after the deadline that held for the student; 0 in time. */
  daysLate: number;
};

/** The rule that an instructor wrote. Throws RequestError 400 that says what is wrong with it. */
export function parseRule(json: unknown): GradingRule {
  const parsed = gradingRuleSchema.safeParse(json);
  if (!parsed.success) throw new RequestError(400, `This is no grading rule: ${z.prettifyError(parsed.error)}`);
  const rule = parsed.data;
  const steps = rule.scale.steps.map((step) => ('top' in step ? step.top : step.from));
  if (new Set(steps).size < steps.length) {
    throw new RequestError(400, 'Each step of a grading rule stands for another percentage; two are the same.');
  }
  const most = Math.max(rule.missing, ...rule.scale.steps.map((step) => step.grade));
  if (most > rule.maximum) {
    throw new RequestError(400, `The full grade is ${rule.maximum}, and the rule gives ${most}. Raise the one or lower the other.`);
  }
  return rule;
}

/** The grade before lateness and rounding. */
function fullGrade({ scale, missing }: GradingRule, { value, before }: Standing): number {
  if (value === null) return missing;
  if (scale.kind === 'curve') {
    const steps = scale.steps.toSorted((a, b) => a.top - b.top);
    return steps.find(({ top }) => before * 100 < top)?.grade ?? 0;
  }
  const steps = scale.steps.toSorted((a, b) => a.from - b.from);
  // A threshold of 85 is met by what is shown as 85.0 because it is 0.85, whatever binary fractions make of it.
  const at = steps.findLastIndex(({ from }) => value * 100 >= from - 1e-9);
  if (at < 0) return 0;
  const [low, high] = [steps[at], steps[at + 1]];
  if (scale.between === 'step' || !high) return low.grade;
  return low.grade + ((high.grade - low.grade) * (value * 100 - low.from)) / (high.from - low.from);
}

/**
 * The grade, in [0, maximum], rounded to the rule's decimals. `latePenalty` is in percent of the grade for each begun day.
 */
export function gradeOf(rule: GradingRule, standing: Standing, latePenalty: number): number {
  const kept = Math.max(0, 1 - (latePenalty / 100) * standing.daysLate);
  const factor = 10 ** rule.decimals;
  // A half that binary fractions put a hair below itself is rounded up all the same.
  return Math.round(fullGrade(rule, standing) * kept * factor + 1e-9) / factor;
}
