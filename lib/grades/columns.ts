// The columns of an exported board: every number that the board shows, with its interval. Their names are an interface: add, never change.
import { metrics, type Estimate } from '../evaluation/score.ts';
import type { BoardRow } from '../leaderboard/board.ts';
import type { CsvCell } from './csv.ts';

/** `says` stands in docs/grades.md, which a test holds to this table. */
export type ExportColumn = { name: string; says: string; of(row: BoardRow): CsvCell };

const digits = (value: number): number => Number(value.toFixed(6));

function estimate(name: string, says: string, of: (row: BoardRow) => Estimate | null | undefined): ExportColumn[] {
  const part = (suffix: string, means: string, take: (found: Estimate) => number): ExportColumn => ({
    name: name + suffix,
    says: means,
    of: (row) => {
      const found = of(row);
      return found ? digits(take(found)) : null;
    },
  });
  return [
    part('', says, ({ value }) => value),
    part('_low', `lower end of the 95 % interval of \`${name}\``, ({ low }) => low),
    part('_high', `upper end of the 95 % interval of \`${name}\``, ({ high }) => high),
    part('_images', `images behind \`${name}\``, ({ images }) => images),
  ];
}

const metricSays = {
  mixed: 'accuracy on the mixed set',
  meanPerturbation: 'mean accuracy over perturbations and severities',
  robust: 'accuracy in the worst case over the attacks, mean over the epsilon ladder',
  clean: 'accuracy on the images as they are',
} as const;
/** In the snake case that statistics packages like. */
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const exportColumns: readonly ExportColumn[] = [
  { name: 'rank', says: '1 + the number significantly better; empty without a score', of: (row) => row.rank?.rank ?? null },
  { name: 'rank_low', says: 'best place that the data allow', of: (row) => row.rank?.low ?? null },
  { name: 'rank_high', says: 'worst place that the data allow', of: (row) => row.rank?.high ?? null },
  { name: 'submission_id', says: 'id of the submission that counts', of: (row) => row.submissionId },
  { name: 'submission', says: 'what its student called it', of: (row) => row.name },
  { name: 'baseline', says: '1 for a baseline of the challenge, else 0', of: (row) => Number(row.baseline) },
  { name: 'status', says: '`queued`, `running`, `finished` or `failed`', of: (row) => row.status },
  { name: 'submitted_at', says: 'ISO 8601, UTC', of: (row) => row.submittedAt },
  ...metrics.flatMap((metric) => estimate(snake(metric), metricSays[metric], (row) => row.score?.[metric])),
  ...estimate('robust_l2', 'the same as `robust` over the L2 ladder', (row) => row.score?.robustL2),
  ...estimate('worst_perturbation_accuracy', 'lowest mean accuracy of one perturbation', (row) => row.score?.worstPerturbation),
  { name: 'worst_perturbation', says: 'which perturbation that is', of: (row) => row.score?.worstPerturbation?.perturbation ?? null },
  ...estimate('mce', 'mean corruption error, 100 is the reference CNN', (row) => row.corruption?.mce),
  ...estimate('relative_mce', 'relative mean corruption error', (row) => row.corruption?.relativeMce),
  { name: 'declared_tta', says: 'TTA policy that the columns are measured under; empty for the bare model', of: (row) => row.declaredTta },
  { name: 'best_tta', says: 'TTA policy with the largest gain on the mixed set', of: (row) => row.bestTta?.policy ?? null },
  ...estimate('best_tta_gain', 'mixed accuracy under that policy minus without', (row) => row.bestTta?.gain),
  {
    name: 'flags',
    says: 'masking checks that were flagged, separated by spaces',
    of: (row) => row.score?.flags.map(({ id }) => id).join(' ') ?? '',
  },
  { name: 'parameters', says: 'size of the model', of: (row) => row.parameters },
];
