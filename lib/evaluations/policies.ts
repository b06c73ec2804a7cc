// The gains of every TTA policy of a submission under attack, from its cells.
import { policyGains, type GainRung } from '../evaluation/policy-gains.ts';
import { policiesOf, trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { outcomesOf } from '../leaderboard/cells.ts';
import type { Submission } from '../submissions/read.ts';

/** By policy label, in the protocol's order; empty where no policy is attacked. For a submission that the viewer may read. */
export async function policyGainsOf({ evaluation }: Submission, protocol: Protocol): Promise<ReadonlyMap<string, GainRung[]>> {
  const labels = policiesOf(protocol);
  const attacks = protocol.trials.filter((trial) => trial.kind === 'attack' && trial.scored !== false);
  if (!attacks.some(({ tta }) => tta)) return new Map();
  const radii = new Set(attacks.flatMap((trial) => (trial.kind === 'attack' && trial.tta ? [`${trial.attack} ${trial.norm} ${trial.epsilon}`] : [])));
  const needed = attacks.filter((trial) => trial.kind === 'attack' && radii.has(`${trial.attack} ${trial.norm} ${trial.epsilon}`));
  const found = (await outcomesOf([evaluation.id], needed.map(trialId))).get(evaluation.id) ?? new Map();
  return new Map(labels.map((label) => [label, policyGains(protocol, found, label)]));
}
