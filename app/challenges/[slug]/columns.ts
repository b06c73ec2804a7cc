// The columns of a board: what each shows, on how many images, and how it is said to a person.
import { interval, percent, points, pointsInterval } from '@/app/ui/format';
import type { BoardRow } from '@/lib/leaderboard/board';
import type { Estimate, Metric } from '@/lib/evaluation/score';

export type ColumnKey = Metric | 'tta' | 'mce' | 'parameters';

export type Column = {
  key: ColumnKey;
  label: string;
  unit: string;
  /** One sentence for the legend under the board. */
  says: string;
  /** Whether less is better. */
  ascending?: boolean;
  estimate(row: BoardRow): Estimate | null;
  /** What the column is sorted by, larger first; null stands last. */
  order(row: BoardRow): number | null;
  value(estimate: Estimate): string;
  interval(estimate: Estimate): string;
};

const metric = (key: Metric, label: string, says: string): Column => ({
  key,
  label,
  unit: '%',
  says,
  estimate: (row) => row.score?.[key] ?? null,
  order: (row) => row.score?.[key]?.value ?? null,
  value: ({ value }) => percent(value),
  interval,
});

const tenths = (value: number) => value.toFixed(1);

export const columns: readonly Column[] = [
  metric('mixed', 'Mixed', 'accuracy when every image has a random perturbation of its own'),
  metric('meanPerturbation', 'Mean pert.', 'mean accuracy over all perturbations and severities'),
  {
    key: 'mce',
    label: 'mCE',
    unit: '',
    says: 'mean corruption error: errors under perturbations as a share of the reference CNN’s, which has 100; less is better',
    ascending: true,
    estimate: (row) => row.corruption?.mce ?? null,
    order: (row) => (row.corruption ? -row.corruption.mce.value : null),
    value: ({ value }) => tenths(value),
    interval: ({ low, high }) => `${tenths(low)}–${tenths(high)}`,
  },
  metric('robust', 'Robust', 'worst case per image over all attacks, averaged over the epsilon ladder'),
  {
    key: 'tta',
    label: 'TTA gain',
    unit: 'points',
    says: 'mixed accuracy under the best test-time augmentation minus without',
    estimate: (row) => row.bestTta?.gain ?? null,
    order: (row) => row.bestTta?.gain.value ?? null,
    value: ({ value }) => points(value),
    interval: pointsInterval,
  },
  metric('clean', 'Clean', 'accuracy on the images as they are'),
  {
    key: 'parameters',
    label: 'Parameters',
    unit: '',
    says: 'size of the model; fewest first when sorted by it',
    ascending: true,
    estimate: () => null,
    order: (row) => -row.parameters,
    value: () => '',
    interval: () => '',
  },
];

/** The column of a sort parameter; the fallback when it names none. */
export function columnOf(key: string | undefined, fallback: Metric): Column {
  return columns.find((column) => column.key === key) ?? columns.find((column) => column.key === fallback)!;
}
