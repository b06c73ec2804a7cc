// The trials beside a trial: its own row of the heat map, and the rows above and below. Pure.
import { attackName } from '@/app/ui/trial-name';
import { isHeadline, mostWanted } from '@/lib/evaluation/shards';
import { trialId } from '@/lib/evaluation/trial-id';
import type { AttackTrial, Protocol, Trial } from '@/lib/evaluation/trial';
import { inFamilies, layOut } from '../heat-rows';

export type Neighbours = {
  /** The trial's own row in order, with itself: its severities, its radii, or all that is measured without either. */
  row: Trial[];
  above: Trial | null;
  below: Trial | null;
};

type PerturbationTrial = Trial & { kind: 'perturbation' };

const sameTta = (a: Trial, b: Trial) => JSON.stringify(a.tta) === JSON.stringify(b.tta);

export function neighboursOf(protocol: Protocol, trial: Trial): Neighbours {
  if (trial.kind === 'perturbation') return perturbationNeighbours(protocol, trial);
  if (trial.kind === 'attack') return attackNeighbours(protocol, trial);
  if (trial.kind === 'probe') return { row: [trial], above: null, below: null };
  const row = mostWanted(protocol).flatMap(({ trial: one }) => (one.kind === 'clean' || one.kind === 'mixed' ? [one] : []));
  return { row: row.sort((a, b) => Number(isHeadline(b)) - Number(isHeadline(a))), above: null, below: null };
}

function perturbationNeighbours(protocol: Protocol, trial: PerturbationTrial): Neighbours {
  const trials = protocol.trials.filter((one): one is PerturbationTrial => one.kind === 'perturbation' && sameTta(one, trial));
  const { rows } = layOut({ protocol: { ...protocol, trials: trials.map(({ tta: _, ...bare }) => bare) }, cells: [] });
  const families = inFamilies(rows.filter(({ scored }) => scored)).flatMap(([, members]) => members);
  const order = [...families, ...rows.filter(({ scored }) => !scored)].map(({ perturbation }) => perturbation);
  return around(trials, trial, order, ({ perturbation }) => perturbation, ({ severity }) => severity);
}

function attackNeighbours(protocol: Protocol, trial: AttackTrial): Neighbours {
  const nameOf = (one: AttackTrial) => `${attackName(one)} ${one.tta ? 'mode' in one.tta && one.tta.mode : ''}`;
  const like = protocol.trials.filter((one): one is AttackTrial =>
    one.kind === 'attack' && one.norm === trial.norm && one.scored === trial.scored && one.tta?.policy === trial.tta?.policy);
  return around(like, trial, [...new Set(like.map(nameOf))], nameOf, ({ epsilon }) => epsilon);
}

function around<T extends Trial>(
  trials: T[], trial: T, order: readonly string[], rowOf: (one: T) => string, columnOf: (one: T) => number,
): Neighbours {
  const inRow = (name: string | undefined) => trials.filter((one) => rowOf(one) === name).sort((a, b) => columnOf(a) - columnOf(b));
  const at = order.indexOf(rowOf(trial));
  const beside = (name: string | undefined) => inRow(name).find((one) => columnOf(one) === columnOf(trial)) ?? null;
  return { row: inRow(rowOf(trial)), above: beside(order[at - 1]), below: beside(order[at + 1]) };
}

/** The ones before and after a trial in its row. */
export function stepsOf({ row }: Neighbours, trial: Trial): { before: Trial | null; after: Trial | null } {
  const at = row.findIndex((one) => trialId(one) === trialId(trial));
  return { before: row[at - 1] ?? null, after: row[at + 1] ?? null };
}
