// The columns of the class view, as a protocol has them. Pure.
import { familyOf } from '../evaluation/families.ts';
import type { Protocol, Trial } from '../evaluation/trial.ts';

/** `group` is `headline`, the family of the perturbation, or `attack`. */
export type ClassColumn = { key: string; label: string; group: string };

function columnOf(trial: Trial): ClassColumn | null {
  if (trial.tta) return null;
  switch (trial.kind) {
    case 'clean':
    case 'mixed':
      // The one on training images is a hint of contamination, which has a page of its own.
      return trial.scored === false ? null : { key: trial.kind, label: trial.kind, group: 'headline' };
    case 'perturbation':
      return { key: trial.perturbation, label: trial.perturbation.replaceAll('_', ' '), group: familyOf(trial.perturbation) ?? 'other' };
    case 'attack':
      return trial.scored === false || trial.norm !== 'linf' ? null : { key: rungKey(trial.epsilon), label: `ε ${radius(trial.epsilon)}`, group: 'attack' };
    default:
      return null;
  }
}

/** The column of a step of the L-infinity ladder. */
export const rungKey = (epsilon: number): string => `attack-${Number(epsilon.toFixed(6))}`;
const radius = (epsilon: number) => (Math.abs(epsilon - 8 / 255) < 1e-9 ? '8/255' : String(epsilon));

/** Clean and mixed, the perturbations family by family in the protocol's order, then the attacks radius by radius. */
export function classColumns(protocol: Protocol): ClassColumn[] {
  const columns = new Map<string, ClassColumn>();
  for (const trial of protocol.trials) {
    const column = columnOf(trial);
    if (column && !columns.has(column.key)) columns.set(column.key, column);
  }
  const groups = [...new Set([...columns.values()].map(({ group }) => group))];
  const order = ['headline', ...groups.filter((group) => group !== 'headline' && group !== 'attack'), 'attack'];
  return order.flatMap((group) => [...columns.values()].filter((column) => column.group === group));
}
