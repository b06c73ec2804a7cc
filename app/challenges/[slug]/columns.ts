// The columns of a board: what each shows, on how many images, and how it is said to a person.
import type { BoardRow } from '@/lib/leaderboard/board';
import type { Estimate, Metric } from '@/lib/evaluation/score';

export type ColumnKey = Metric | 'tta' | 'parameters';

export type Column = {
  key: ColumnKey;
  label: string;
  unit: string;
  /** One sentence for the legend under the board. */
  says: string;
  estimate(row: BoardRow): Estimate | null;
  /** What the column is sorted by, larger first; null stands last. */
  order(row: BoardRow): number | null;
};

const metric = (key: Metric, label: string, says: string): Column => ({
  key,
  label,
  unit: '%',
  says,
  estimate: (row) => row.score?.[key] ?? null,
  order: (row) => row.score?.[key]?.value ?? null,
});

export const columns: readonly Column[] = [
  metric('mixed', 'Mixed', 'accuracy when every image has a random perturbation of its own'),
  metric('meanPerturbation', 'Mean pert.', 'mean accuracy over all perturbations and severities'),
  metric('robust', 'Robust', 'worst case per image over all attacks, averaged over the epsilon ladder'),
  {
    key: 'tta',
    label: 'TTA gain',
    unit: 'points',
    says: 'mixed accuracy under the best test-time augmentation minus without',
    estimate: (row) => row.bestTta?.gain ?? null,
    order: (row) => row.bestTta?.gain.value ?? null,
  },
  metric('clean', 'Clean', 'accuracy on the images as they are'),
  {
    key: 'parameters',
    label: 'Parameters',
    unit: '',
    says: 'size of the model; fewest first when sorted by it',
    estimate: () => null,
    order: (row) => -row.parameters,
  },
];

/** The column of a sort parameter; the fallback when it names none. */
export function columnOf(key: string | undefined, fallback: Metric): Column {
  return columns.find((column) => column.key === key) ?? columns.find((column) => column.key === fallback)!;
}
