// The rows of the heat map: perturbations in families, each with the cells that have landed.
import { familyOf } from '@/lib/evaluation/families';
import type { CellView, Results } from '@/lib/evaluations/results';

export type Row = {
  perturbation: string;
  /** Whether it counts in the means. */
  scored: boolean;
  /** Severities that the protocol measures. */
  planned: ReadonlySet<number>;
  /** By severity. */
  cells: ReadonlyMap<number, CellView>;
};

/** Of the bare model. `images` is what each cell is measured on. */
export function layOut({ protocol, cells }: Pick<Results, 'protocol' | 'cells'>): { rows: Row[]; severities: number[]; images: number } {
  const trials = protocol.trials.flatMap((trial) => (trial.kind === 'perturbation' && !trial.tta ? [trial] : []));
  const rows = new Map<string, { scored: boolean; planned: Set<number>; cells: Map<number, CellView> }>();
  for (const { perturbation, severity, scored } of trials) {
    const row = rows.get(perturbation) ?? { scored: scored !== false, planned: new Set<number>(), cells: new Map<number, CellView>() };
    rows.set(perturbation, { ...row, planned: row.planned.add(severity) });
  }
  for (const cell of cells) {
    if (cell.trial.kind === 'perturbation' && !cell.trial.tta) rows.get(cell.trial.perturbation)?.cells.set(cell.trial.severity, cell);
  }
  const choice = trials[0]?.images ?? protocol.images;
  return {
    rows: [...rows].map(([perturbation, row]) => ({ perturbation, ...row })),
    severities: [...new Set(trials.map(({ severity }) => severity))].sort((a, b) => a - b),
    images: 'first' in choice ? choice.first : choice.size,
  };
}

/** Families in the order of their first member. */
export function inFamilies(rows: readonly Row[]): [string, Row[]][] {
  const families = new Map<string, Row[]>();
  for (const row of rows) {
    const family = familyOf(row.perturbation) ?? 'other';
    families.set(family, [...(families.get(family) ?? []), row]);
  }
  return [...families];
}

/** The accuracy of a cell in a list, to be spread into one; null while there is none. */
export const accuracyOf = (cell: CellView | undefined): number[] | null => (cell ? [cell.correct / cell.total] : null);

export const valuesOf = ({ cells }: Row): number[] => [...cells.values()].map(({ correct, total }) => correct / total);
