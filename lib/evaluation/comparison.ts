// Two models on the same images: paired differences by column, perturbation and radius, with tests (spec 6.3, 6.5). Pure.
import { bootstrapInterval } from './bootstrap.ts';
import { normalTail } from './gaussian.ts';
import { columnTrials, groupOutcomes, grouped, isScored, metrics, rungsOf, trialsOf, type Cells, type Counting, type Metric } from './outcomes.ts';
import type { Estimate } from './score.ts';
import { benjaminiHochberg, mcnemar, meanInterval } from './statistics.ts';
import { imageCount, trialId } from './trial-id.ts';
import type { Protocol, Trial } from './trial.ts';

/** What is compared of one model. */
export type Side = { cells: Cells; counting: Counting };

export type Difference = {
  /** Values of both on the images they share. */
  first: number;
  second: number;
  /** First minus second, with its paired 95 % interval. */
  difference: Estimate;
  /** Two-sided: McNemar's mid-p where each image is right or wrong, else of the studentised mean difference. */
  p: number;
  /** The interval again, by the clustered bootstrap; for columns that are means over several outcomes an image. */
  bootstrap?: { low: number; high: number };
  /** Images only one of them gets right, and McNemar's exact test; absent for means over several outcomes an image. */
  mcnemar?: { onlyFirst: number; onlySecond: number; exact: number; midP: number };
};

export type Comparison = {
  /** Null until the cells of both have landed. */
  columns: Record<Metric, Difference | null>;
  /** The bare models, over severities. `differs`: by Benjamini and Hochberg at a false discovery rate of 10 %. */
  perturbations: ({ perturbation: string; differs: boolean } & Difference)[];
  /** Worst case over the scored attacks at each radius of the L-infinity ladder, policies as declared. */
  ladder: ({ epsilon: number } & Difference)[];
};

/** One cell of the bare models: accuracies and first minus second, on the images both saw. */
export type CellDifference = {
  trialId: string;
  perturbation: string;
  severity: number;
  first: number;
  second: number;
  difference: number;
  images: number;
  /** Images only one of them gets right, with the test; where they may be told. */
  mcnemar?: { onlyFirst: number; onlySecond: number; exact: number; midP: number };
};

const falseDiscoveryRate = 0.1;

/** The paired difference of two models' outcomes in [0, 1] on the same images, in the same order; longer ones are cut. */
export function differenceOf(first: Float64Array, second: Float64Array): Difference {
  const images = Math.min(first.length, second.length);
  const [a, b] = [first.subarray(0, images), second.subarray(0, images)];
  const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / images;
  const differences = a.map((value, i) => value - b[i]);
  const found = { first: meanOf(a), second: meanOf(b), difference: meanInterval(differences, [-1, 1]) };
  const isBinary = (values: Float64Array) => values.every((value) => value === 0 || value === 1);
  if (!isBinary(a) || !isBinary(b)) return { ...found, p: studentised(differences) };
  const onlyFirst = differences.filter((value) => value > 0).length;
  const onlySecond = differences.filter((value) => value < 0).length;
  const tests = mcnemar(onlyFirst, onlySecond);
  return { ...found, p: tests.midP, mcnemar: { onlyFirst, onlySecond, ...tests } };
}

/** Of a mean of many values; the largest squared difference once more, as in pairs.ts, so that a handful of images proves nothing. */
function studentised(differences: Float64Array): number {
  const sum = differences.reduce((total, value) => total + value, 0);
  const squares = differences.reduce((total, value) => total + value * value, 0);
  const largest = differences.reduce((most, value) => Math.max(most, value * value), 0);
  return squares === 0 ? 1 : Math.min(1, 2 * normalTail(Math.abs(sum) / Math.sqrt(squares + largest)));
}

/**
 * Every (perturbation, severity) that has landed of both, those that are only shown too. `counts` says whether the images that
 * only one gets right may be counted by cell; the interval of a difference tells as much, so it is left out with them.
 */
export function cellDifferences(protocol: Protocol, first: Cells, second: Cells, counts: boolean): CellDifference[] {
  return trialsOf(protocol, 'perturbation').flatMap((trial) => {
    const id = trialId(trial);
    const [a, b] = [first.get(id), second.get(id)];
    if (!a || !b) return [];
    const images = Math.min(a.total, b.total, imageCount(protocol, trial));
    let [both, onlyFirst, onlySecond] = [0, 0, 0];
    for (let i = 0; i < images; i++) {
      const [right, other] = [a.correctBits[i >> 3] >> (i & 7) & 1, b.correctBits[i >> 3] >> (i & 7) & 1];
      both += right & other;
      onlyFirst += right & ~other;
      onlySecond += other & ~right;
    }
    const { perturbation, severity } = trial;
    return [{
      trialId: id, perturbation, severity, first: (both + onlyFirst) / images, second: (both + onlySecond) / images,
      difference: (onlyFirst - onlySecond) / images, images, ...(counts && { mcnemar: { onlyFirst, onlySecond, ...mcnemar(onlyFirst, onlySecond) } }),
    }];
  });
}

/**
 * Whether a cell's difference is none at the 95 % level: by McNemar's test where its counts may be told, else as if the two had seen
 * images of their own, which errs towards luck and needs nothing but the two accuracies.
 */
export function mayBeLuck({ first, second, difference, images, mcnemar: paired }: CellDifference): boolean {
  if (paired) return paired.midP > 0.05;
  return Math.abs(difference) <= 1.96 * Math.sqrt((first * (1 - first) + second * (1 - second)) / images);
}

/** First minus second. `protocol` is both models' own, and they saw the same images. `resampling` adds the bootstrap, which takes time. */
export function comparisonOf(protocol: Protocol, first: Side, second: Side, resampling = true): Comparison {
  const between = (a: readonly Trial[][], b: readonly Trial[][], resample = false): Difference | null => {
    const [ofFirst, ofSecond] = [groupOutcomes(protocol, a, first.cells), groupOutcomes(protocol, b, second.cells)];
    if (!ofFirst || !ofSecond) return null;
    const found = differenceOf(ofFirst, ofSecond);
    if (!resample || found.mcnemar) return found;
    const differences = ofFirst.subarray(0, found.difference.images).map((value, i) => value - ofSecond[i]);
    return { ...found, bootstrap: bootstrapInterval(differences) };
  };
  const column = (metric: Metric) => between(columnTrials(protocol, metric, first.counting), columnTrials(protocol, metric, second.counting), resampling);

  const kinds = [...grouped(trialsOf(protocol, 'perturbation').filter(isScored), ({ perturbation }) => perturbation)].flatMap(([perturbation, trials]) => {
    const groups = trials.map((trial) => [trial]);
    const found = between(groups, groups);
    return found ? [{ perturbation, ...found }] : [];
  });
  const differs = benjaminiHochberg(kinds.map(({ p }) => p), falseDiscoveryRate);

  const [ofFirst, ofSecond] = [rungsOf(protocol, 'linf', first.counting), rungsOf(protocol, 'linf', second.counting)];
  const ladder = ofFirst.flatMap((rung) => {
    const other = ofSecond.find(([{ epsilon }]) => epsilon === rung[0].epsilon);
    const found = other && between([rung], [other]);
    return found ? [{ epsilon: rung[0].epsilon, ...found }] : [];
  });
  return {
    columns: Object.fromEntries(metrics.map((metric) => [metric, column(metric)])) as Comparison['columns'],
    perturbations: kinds.map((kind, i) => ({ ...kind, differs: differs[i] })),
    ladder,
  };
}
