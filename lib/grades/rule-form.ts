// A grading rule as a form's fields say it: its steps as lines of text, "85: 100" for the grade 100 from 85 percent on.
import { RequestError } from '../errors.ts';
import { parseRule, type GradingRule } from './rule.ts';

/** `scale` is `curve`, `thresholds line` or `thresholds step`. */
export type RuleFields = Partial<Record<'scale' | 'steps' | 'phase' | 'maximum' | 'missing' | 'decimals', string>>;

/** The rule of a filled-in form. Throws RequestError 400 that names the line or field that is wrong. */
export function ruleOfFields(fields: RuleFields): GradingRule {
  const { scale: chosen = 'thresholds line', steps = '', phase, maximum, missing, decimals } = fields;
  const pairs = pairsOf(steps);
  const [kind, between] = chosen.split(' ');
  const scale = kind === 'curve'
    ? { kind, steps: pairs.map(([top, grade]) => ({ top, grade })) }
    : { kind, between, steps: pairs.map(([from, grade]) => ({ from, grade })) };
  return parseRule({ phase, maximum: numberOf(maximum), missing: numberOf(missing), decimals: numberOf(decimals), scale });
}

/** The lines that say the rule's steps. */
export function stepsText({ scale }: GradingRule): string {
  const line = (step: (typeof scale.steps)[number]) => `${'top' in step ? step.top : step.from}: ${step.grade}`;
  return scale.steps.map(line).join('\n');
}

/** An empty field is as it comes; what is no number is refused by the schema, as the text it is. */
const numberOf = (text: string | undefined): number | string | undefined => {
  if (!text?.trim()) return undefined;
  return Number.isNaN(Number(text)) ? text : Number(text);
};

function pairsOf(text: string): [number, number][] {
  return text.split('\n').flatMap((line, i): [number, number][] => {
    if (!line.trim()) return [];
    const [at, grade] = line.split(':').map((part) => (part.trim() ? Number(part.replace('%', '')) : NaN));
    if (line.split(':').length === 2 && Number.isFinite(at) && Number.isFinite(grade)) return [[at, grade]];
    const found = line.trim().slice(0, 60);
    throw new RequestError(400, `Line ${i + 1} of the steps is "${found}"; a step is written like "85: 100", a percentage and a grade.`);
  });
}
