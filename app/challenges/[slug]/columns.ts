// The columns of a board: what each shows, on how many images, and how it is said to a person.
import { interval, percent, points, pointsInterval } from '@/app/ui/format';
import type { Estimate, Metric } from '@/lib/evaluation/score';
import type { FigureKey } from '@/lib/leaderboard/field';

export type ColumnKey = FigureKey | 'profile' | 'worst' | 'parameters' | 'submitted';

export type Column = {
  key: ColumnKey;
  label: string;
  unit: string;
  /** One sentence for the legend under the board. */
  says: string;
  /** Whether less is better, so that sorting by it starts at the least. */
  ascending?: boolean;
  /** By what it is sorted; null where it has no order. */
  sort: Exclude<ColumnKey, 'profile'> | null;
};

export type FigureColumn = Column & {
  key: FigureKey;
  value(estimate: Estimate): string;
  interval(estimate: Estimate): string;
};

const metric = (key: Metric, label: string, says: string): FigureColumn => ({
  key, label, unit: '%', says, sort: key, value: ({ value }) => percent(value), interval,
});

const tenths = (value: number) => value.toFixed(1);

const figures: Record<FigureKey, FigureColumn> = {
  mixed: metric('mixed', 'Mixed', 'accuracy when every image has a random perturbation of its own'),
  meanPerturbation: metric('meanPerturbation', 'Mean pert.', 'mean accuracy over all perturbations and severities'),
  robust: metric('robust', 'Robust', 'worst case per image over all attacks, averaged over the epsilon ladder'),
  clean: metric('clean', 'Clean', 'accuracy on the images as they are'),
  mce: {
    key: 'mce', label: 'mCE', unit: '', sort: 'mce', ascending: true,
    says: 'mean corruption error: errors under perturbations as a share of the reference CNN’s, which has 100; less is better',
    value: ({ value }) => tenths(value),
    interval: ({ low, high }) => `${tenths(low)}–${tenths(high)}`,
  },
  tta: {
    key: 'tta', label: 'TTA gain', unit: 'points', sort: 'tta',
    says: 'mixed accuracy under the best test-time augmentation minus without',
    value: ({ value }) => points(value),
    interval: pointsInterval,
  },
};

const others: Record<Exclude<ColumnKey, FigureKey>, Column> = {
  profile: { key: 'profile', label: 'Perturbations', unit: '', sort: null, says: 'mean accuracy under each perturbation, a bar each from 0 to 100 %, in the order drawn below' },
  worst: { key: 'worst', label: 'Weakest', unit: '%', sort: 'worst', says: 'the perturbation under which the model is right least often' },
  parameters: { key: 'parameters', label: 'Size', unit: '', sort: 'parameters', ascending: true, says: 'number of parameters of the model' },
  submitted: { key: 'submitted', label: 'Submitted', unit: '', sort: 'submitted', says: 'when the model was handed in' },
};

export const columns: Readonly<Record<ColumnKey, Column>> = { ...figures, ...others };

/** In the order they stand in. */
export const optionalColumns: readonly ColumnKey[] = [
  'profile', 'mixed', 'meanPerturbation', 'worst', 'mce', 'robust', 'clean', 'tta', 'parameters', 'submitted',
];
const byThemselves: readonly ColumnKey[] = ['profile', 'mixed', 'meanPerturbation', 'robust', 'clean', 'parameters'];

export const isFigure = (column: Column): column is FigureColumn => column.key in figures;

/** The columns shown: the primary metric, then what was asked for or comes by itself. */
export function shownColumns(primary: Metric, asked: readonly ColumnKey[] | null): Column[] {
  return [primary, ...(asked ?? byThemselves).filter((key) => key !== primary)].map((key) => columns[key]);
}

/** What a challenge is ranked by, within a sentence. */
export const metricName: Readonly<Record<Metric, string>> = {
  mixed: 'mixed accuracy',
  meanPerturbation: 'mean accuracy under perturbations',
  robust: 'robust accuracy',
  clean: 'clean accuracy',
};
