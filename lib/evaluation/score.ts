// What a set of cells is worth: a pure function of the cells, and the type the database and the pages hold.
import type { Cell } from './cell.ts';
import { meanInterval, wilson } from './statistics.ts';
import type { AttackTrial, Protocol, Trial } from './trial.ts';
import { choiceOf, imageCount, trialId, ttaLabel } from './trial-id.ts';

/** A figure in [0, 1] with its 95 % interval and the number of base images behind it. */
export type Estimate = { value: number; low: number; high: number; images: number };

/** One step of the epsilon ladder: accuracy under the worst case per image over the attacks there. */
export type Rung = { norm: AttackTrial['norm']; epsilon: number; worst: Estimate };

/** Columns of a board; null until the cells behind a column have all landed. */
export type Score = {
  clean: Estimate | null;
  /** The course's own measure and the default primary metric. */
  mixed: Estimate | null;
  /** Mean accuracy over the protocol's (perturbation, severity) cells. */
  meanPerturbation: Estimate | null;
  /** Mean over the epsilon ladder of the per-image worst case over all attacks at that epsilon. */
  robust: Estimate | null;
  /** What robust is the mean of, step by step; the steps whose attacks have all landed, in the protocol's order. */
  ladder: Rung[];
  /** Why robust will stay null (no gradient), absent otherwise. */
  notAttacked?: string;
  /** Mixed accuracy under each TTA policy minus without, by the policy's label. */
  ttaGain: Record<string, Estimate>;
  /** Lowest mean accuracy over severities of one perturbation. */
  worstPerturbation: { perturbation: string; value: number } | null;
};

export const metrics = ['mixed', 'meanPerturbation', 'robust', 'clean'] as const;
/** A column a board can be ranked by. */
export type Metric = (typeof metrics)[number];

export type Cells = ReadonlyMap<string, Cell>;

/** Right (1) or wrong (0) of each image of a cell, in the trial's order. */
function outcomesOf({ correctBits, total }: Pick<Cell, 'correctBits' | 'total'>): Float64Array {
  return Float64Array.from({ length: total }, (_, i) => (correctBits[i >> 3] >> (i & 7)) & 1);
}

function mean(columns: readonly Float64Array[]): Float64Array {
  return columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0) / columns.length);
}

/** Image by image, the worst of several outcomes. */
function worst(columns: readonly Float64Array[]): Float64Array {
  return columns[0].map((_, i) => columns.reduce((least, column) => Math.min(least, column[i]), 1));
}

/**
 * The outcomes of trials, cut to the images they share: drawn choices are prefixes of one order, and so are choices in
 * file order. Null until all have landed, where there are none, and where the choices have no common order.
 */
function paired(protocol: Protocol, trials: readonly Trial[], cells: Cells): Float64Array[] | null {
  const orders = new Set(trials.map((trial) => `${choiceOf(protocol, trial).split} ${'first' in choiceOf(protocol, trial)}`));
  if (orders.size !== 1) return null;
  const found = trials.map((trial) => cells.get(trialId(trial)));
  if (!found.every((cell) => cell !== undefined)) return null;
  const shared = Math.min(...trials.map((trial) => imageCount(protocol, trial)));
  return found.map((cell) => outcomesOf(cell).subarray(0, shared));
}

function bare<Kind extends Trial['kind']>(protocol: Protocol, kind: Kind): Extract<Trial, { kind: Kind }>[] {
  return protocol.trials.filter((trial): trial is Extract<Trial, { kind: Kind }> => trial.kind === kind && !trial.tta);
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** Per image: the mean over the epsilon ladder of the worst case over the attacks at one epsilon. */
function ladderOutcomes(protocol: Protocol, cells: Cells): Float64Array | null {
  const trials: AttackTrial[] = bare(protocol, 'attack');
  const columns = paired(protocol, trials, cells);
  if (!columns) return null;
  const rungs = grouped([...trials.keys()], (i) => `${trials[i].norm} ${trials[i].epsilon}`);
  return mean([...rungs.values()].map((rung) => worst(rung.map((i) => columns[i]))));
}

/**
 * What one metric says of each base image, in [0, 1]: what intervals and paired ranks are made of. Null until the cells
 * behind the metric have all landed.
 */
export function imageOutcomes(protocol: Protocol, cells: Cells, metric: Metric): Float64Array | null {
  switch (metric) {
    case 'clean':
    case 'mixed':
      return paired(protocol, bare(protocol, metric).slice(0, 1), cells)?.[0] ?? null;
    case 'meanPerturbation': {
      const columns = paired(protocol, bare(protocol, 'perturbation'), cells);
      return columns && mean(columns);
    }
    case 'robust':
      return ladderOutcomes(protocol, cells);
  }
}

function ladder(protocol: Protocol, cells: Cells): Rung[] {
  return [...grouped(bare(protocol, 'attack'), ({ norm, epsilon }) => `${norm} ${epsilon}`).values()].flatMap((trials) => {
    const columns = paired(protocol, trials, cells);
    if (!columns) return [];
    const { norm, epsilon } = trials[0];
    const outcomes = worst(columns);
    return [{ norm, epsilon, worst: wilson(outcomes.reduce((sum, right) => sum + right, 0), outcomes.length) }];
  });
}

function single(protocol: Protocol, cells: Cells, metric: 'clean' | 'mixed'): Estimate | null {
  const cell = cells.get(bare(protocol, metric).slice(0, 1).map(trialId)[0]);
  return cell ? wilson(cell.correct, cell.total) : null;
}

function estimate(protocol: Protocol, cells: Cells, metric: 'meanPerturbation' | 'robust'): Estimate | null {
  const outcomes = imageOutcomes(protocol, cells, metric);
  return outcomes && meanInterval(outcomes, [0, 1]);
}

/** Mixed accuracy with each policy minus without, on the images they share. */
function gains(protocol: Protocol, cells: Cells): Score['ttaGain'] {
  const [without] = bare(protocol, 'mixed');
  const found: Score['ttaGain'] = {};
  for (const trial of protocol.trials) {
    if (trial.kind !== 'mixed' || !trial.tta || !without) continue;
    const columns = paired(protocol, [trial, without], cells);
    if (columns) found[ttaLabel(trial.tta)] = meanInterval(columns[0].map((right, i) => right - columns[1][i]), [-1, 1]);
  }
  return found;
}

function worstOf(protocol: Protocol, cells: Cells): Score['worstPerturbation'] {
  const trials = bare(protocol, 'perturbation');
  const accuracies = trials.map((trial) => cells.get(trialId(trial))).map((cell) => cell && cell.correct / cell.total);
  if (trials.length === 0 || !accuracies.every((accuracy) => accuracy !== undefined)) return null;
  const kinds = grouped([...trials.keys()], (i) => trials[i].perturbation);
  return [...kinds]
    .map(([perturbation, of]) => ({ perturbation, value: of.reduce((sum, i) => sum + accuracies[i], 0) / of.length }))
    .reduce((least, each) => (each.value < least.value ? each : least));
}

/** The score of the cells landed so far, by trial id. `notAttacked` says why the attacks were left out, where they were. */
export function score(protocol: Protocol, cells: Cells, notAttacked?: string): Score {
  return {
    clean: single(protocol, cells, 'clean'),
    mixed: single(protocol, cells, 'mixed'),
    meanPerturbation: estimate(protocol, cells, 'meanPerturbation'),
    robust: estimate(protocol, cells, 'robust'),
    ladder: ladder(protocol, cells),
    ...(notAttacked !== undefined && { notAttacked }),
    ttaGain: gains(protocol, cells),
    worstPerturbation: worstOf(protocol, cells),
  };
}
