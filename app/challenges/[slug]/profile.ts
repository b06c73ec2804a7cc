// The perturbations whose bars a row shows, in the one order that all rows share.
import type { Protocol } from '@/lib/evaluation/trial';

/** Those that count in the means, as the protocol names them. */
export function profileOf({ trials }: Pick<Protocol, 'trials'>): string[] {
  return [...new Set(trials.flatMap((trial) => (trial.kind === 'perturbation' && !trial.tta && trial.scored !== false ? [trial.perturbation] : [])))];
}
