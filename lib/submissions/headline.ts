// How much of a protocol the headline tier runs. Pure.
import { isHeadline } from '../evaluation/shards.ts';
import { ttaLabel } from '../evaluation/trial-id.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';

/**
 * Clean and mixed, of the bare model and under the declared policy, whose columns are the ones that are ranked. Null where that is the
 * whole protocol, or nothing of it: then there are no tiers.
 */
export function headlineOf(protocol: Protocol, declaredTta: string | null): Protocol | null {
  const declared = ({ kind, tta }: Trial) => (kind === 'clean' || kind === 'mixed') && tta !== undefined && ttaLabel(tta) === declaredTta;
  const trials = protocol.trials.filter((trial) => isHeadline(trial) || declared(trial));
  return trials.length === 0 || trials.length === protocol.trials.length ? null : { ...protocol, trials };
}
