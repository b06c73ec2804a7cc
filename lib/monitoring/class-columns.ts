// The columns of the class view as a protocol has them: what each is the mean of. Pure.
import { familyOf } from '../evaluation/families.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { AttackTrial, Protocol, Trial } from '../evaluation/trial.ts';

/** `trials` are the ids of the cells it is the mean of. */
export type ClassColumn = { key: string; label: string; group: 'headline' | 'attack' | string; trials: string[] };

const attackLabels: Partial<Record<AttackTrial['attack'], string>> = { ensemble: 'strongest' };

function placeOf(trial: Trial): Omit<ClassColumn, 'trials'> | null {
  if (trial.tta) return null;
  switch (trial.kind) {
    case 'clean':
    case 'mixed':
      // The one on training images is a hint of contamination, which has a page of its own.
      return trial.scored === false ? null : { key: trial.kind, label: trial.kind, group: 'headline' };
    case 'perturbation':
      return { key: trial.perturbation, label: trial.perturbation.replaceAll('_', ' '), group: familyOf(trial.perturbation) ?? 'other' };
    case 'attack':
      // What is only shown, and the second norm, would be no mean with the others.
      if (trial.scored === false || trial.norm !== 'linf') return null;
      return { key: `attack-${trial.attack}`, label: attackLabels[trial.attack] ?? trial.attack, group: 'attack' };
    default:
      return null;
  }
}

/** Clean and mixed, the perturbations family by family in the protocol's order, then the attacks over their L-infinity ladder. */
export function classColumns(protocol: Protocol): ClassColumn[] {
  const columns = new Map<string, ClassColumn>();
  for (const trial of protocol.trials) {
    const place = placeOf(trial);
    if (!place) continue;
    const column = columns.get(place.key) ?? { ...place, trials: [] };
    column.trials.push(trialId(trial));
    columns.set(place.key, column);
  }
  const groups = [...new Set([...columns.values()].map(({ group }) => group))];
  const order = ['headline', ...groups.filter((group) => group !== 'headline' && group !== 'attack'), 'attack'];
  return order.flatMap((group) => [...columns.values()].filter((column) => column.group === group));
}
