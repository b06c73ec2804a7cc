// The grading rule as a form: tried out on the class before it is saved.
import { ActionForm } from '@/app/ui/action-form';
import { button } from '@/app/ui/button';
import { Field } from '@/app/ui/field';
import { stepsText, type RuleFields } from '@/lib/grades/rule-form';
import type { GradingRule } from '@/lib/grades/rule';
import { keepRule } from './actions';

const input = 'w-full rounded-base border border-line-strong bg-surface px-3 py-2 text-base';

const scales = [
  ['thresholds line', 'by score, in a straight line between steps'],
  ['thresholds step', 'by score, in steps'],
  ['curve', 'by place among the students, in steps'],
] as const;

/** `typed` is what a preview was asked for; it stays in the fields, also where it is wrong. */
export function RuleForm({ slug, rule, typed }: { slug: string; rule: GradingRule | null; typed: RuleFields | null }) {
  const fields: RuleFields = typed ?? fieldsOf(rule);
  return (
    <ActionForm action={keepRule.bind(null, slug)} label="Save the rule">
      <fieldset className="space-y-2">
        <legend className="mb-1 text-small font-medium">Grades are given</legend>
        {scales.map(([value, says]) => (
          <label key={value} className="flex items-baseline gap-2">
            <input type="radio" name="scale" value={value} defaultChecked={value === (fields.scale ?? 'thresholds line')} />
            {says}
          </label>
        ))}
      </fieldset>
      <div>
        <label htmlFor="steps" className="mb-1 block text-small font-medium">
          Steps
        </label>
        <textarea id="steps" name="steps" rows={6} required defaultValue={fields.steps} aria-describedby="steps-hint" className={`${input} figures`} />
        <p id="steps-hint" className="mt-1 text-small text-muted">
          One a line. By score, <code>85: 100</code> gives 100 from 85 % on. By place, <code>10: 100</code> gives 100 to the best 10 %; who
          is not significantly apart shares a place.
        </p>
      </div>
      <div className="grid grid-cols-2 gap-4">
        <label className="block text-small font-medium">
          Phase
          <select name="phase" defaultValue={fields.phase ?? 'final'} className={`${input} mt-1 font-normal`}>
            <option value="final">final</option>
            <option value="public">public</option>
          </select>
        </label>
        <Field label="Full grade" name="maximum" type="number" step="any" min={0} defaultValue={fields.maximum ?? '100'} />
        <Field label="Without a submission" name="missing" type="number" step="any" min={0} defaultValue={fields.missing ?? '0'} />
        <Field label="Decimals" name="decimals" type="number" min={0} max={3} defaultValue={fields.decimals ?? '1'} />
      </div>
      <button type="submit" formAction={`/challenges/${slug}/grades`} formMethod="get" className={`${button.plain} mr-3`}>
        Try it out
      </button>
    </ActionForm>
  );
}

function fieldsOf(rule: GradingRule | null): RuleFields {
  if (!rule) return { steps: '90: 100\n80: 80\n60: 50\n10: 0' };
  const { scale, phase } = rule;
  const [maximum, missing, decimals] = [rule.maximum, rule.missing, rule.decimals].map(String);
  const chosen = scale.kind === 'curve' ? 'curve' : `thresholds ${scale.between}`;
  return { scale: chosen, steps: stepsText(rule), phase, maximum, missing, decimals };
}
