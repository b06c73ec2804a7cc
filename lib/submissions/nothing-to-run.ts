// Whether a protocol has anything at all to ask of a model. Pure.
import type { SubmissionProblem } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import { needsGradient, type Protocol } from '../evaluation/trial.ts';

/** What to tell whoever hands in a model of which not one trial can be run: its evaluation could never end. Null when some can. */
export function nothingToRun({ trials }: Protocol, { operatorsWithoutGradient: without }: Pick<Report, 'operatorsWithoutGradient'>): SubmissionProblem | null {
  if (without.length === 0 || !trials.every(needsGradient)) return null;
  const operators = without.join(', ');
  return {
    code: 'no-gradient',
    found: `No gradient is known for ${operators}, and all that is measured here follows the gradient.`,
    wanted: 'A model whose operators all have a gradient.',
    fix: `Export it again without ${operators}: train with them if you must, and leave them out of what you hand in.`,
  };
}
