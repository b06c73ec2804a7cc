// CE, mCE and relative mCE (spec 1.4): a model's errors under perturbations as a share of the reference CNN's. Pure.
import { grouped, isScored, mean, paired, trialsOf, type Cells } from './outcomes.ts';
import type { Estimate } from './score.ts';
import { z95 } from './statistics.ts';
import type { Protocol } from './trial.ts';

/** Figures times 100, as the field writes them: 100 is the reference, less is better. */
export type CorruptionError = {
  mce: Estimate;
  /** Of what a perturbation adds to the clean error; null where the protocol has no clean trial or nothing is left to compare. */
  relativeMce: Estimate | null;
  /** By perturbation. `relative` is null where the reference hardly degrades, and the perturbation is left out of the mean. */
  perturbations: Record<string, { ce: Estimate; relative: Estimate | null }>;
};

/** A perturbation counts for relative mCE when it costs the reference at least this much, averaged over severities. */
const leastDegradation = 0.05;

/** A ratio of two means over the same images: its value, and how much each image moves it (spec 6.2, by the delta method). */
type Ratio = { value: number; influence: Float64Array };

const meanOf = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function ratio(above: Float64Array, below: Float64Array): Ratio {
  const denominator = meanOf(below);
  const value = meanOf(above) / denominator;
  return { value, influence: above.map((each, i) => (each - value * below[i]) / denominator) };
}

function meanRatio(ratios: readonly Ratio[]): Ratio {
  const value = ratios.reduce((sum, each) => sum + each.value, 0) / ratios.length;
  return { value, influence: mean(ratios.map(({ influence }) => influence)) };
}

/** Both models saw the same images, so what they find hard together does not widen the interval. The reference's own is a point. */
function estimate({ value, influence }: Ratio): Estimate {
  const images = influence.length;
  const squares = influence.reduce((sum, each) => sum + each * each, 0);
  const half = z95 * Math.sqrt(squares / Math.max(1, images - 1) / images);
  return { value: 100 * value, low: 100 * (value - half), high: 100 * (value + half), images };
}

/** Per image: errors summed over the severities of each scored perturbation, and the clean error, on the images all share. */
function errorsOf(protocol: Protocol, cells: Cells): { kinds: Map<string, { sum: Float64Array; severities: number }>; clean: Float64Array | null } | null {
  const trials = trialsOf(protocol, 'perturbation').filter(isScored);
  const clean = trialsOf(protocol, 'clean').filter(isScored).slice(0, 1);
  const columns = paired(protocol, [...trials, ...clean], cells);
  if (!columns || trials.length === 0) return null;
  const wrong = columns.map((column) => column.map((right) => 1 - right));
  const kinds = new Map(
    [...grouped([...trials.keys()], (i) => trials[i].perturbation)].map(([kind, of]) => {
      const sum = wrong[of[0]].map((_, image) => of.reduce((total, i) => total + wrong[i][image], 0));
      return [kind, { sum, severities: of.length }];
    }),
  );
  return { kinds, clean: clean.length > 0 ? wrong[trials.length] : null };
}

/** CE of each scored perturbation, as ratios. Null until the scored cells of both have landed, and where the reference is never wrong. */
function ratiosOf(protocol: Protocol, cells: Cells, reference: Cells): Ratio[] | null {
  const [own, theirs] = [errorsOf(protocol, cells), errorsOf(protocol, reference)];
  if (!own || !theirs || [...theirs.kinds.values()].some(({ sum }) => meanOf(sum) === 0)) return null;
  return [...own.kinds].map(([kind, { sum }]) => ratio(sum, theirs.kinds.get(kind)!.sum));
}

/**
 * mCE of two models against one reference, and first minus second with its paired interval: what moves both alike does not
 * widen it. Null until the scored cells of all three have landed.
 */
export function corruptionDifference(
  protocol: Protocol, first: Cells, second: Cells, reference: Cells,
): { first: number; second: number; difference: Estimate } | null {
  const both = [ratiosOf(protocol, first, reference), ratiosOf(protocol, second, reference)];
  if (!both[0] || !both[1]) return null;
  const [a, b] = [meanRatio(both[0]), meanRatio(both[1])];
  const difference = { value: a.value - b.value, influence: a.influence.map((each, i) => each - b.influence[i]) };
  return { first: 100 * a.value, second: 100 * b.value, difference: estimate(difference) };
}

/**
 * A model's corruption errors against the reference's cells of the same protocol and seed. Null until the scored cells of
 * both have landed, or where the reference makes no mistake on some perturbation.
 */
export function corruptionError(protocol: Protocol, cells: Cells, reference: Cells): CorruptionError | null {
  const own = errorsOf(protocol, cells);
  const theirs = errorsOf(protocol, reference);
  if (!own || !theirs) return null;
  const all: Ratio[] = [];
  const relatives: Ratio[] = [];
  const perturbations: CorruptionError['perturbations'] = {};
  for (const [kind, { sum, severities }] of own.kinds) {
    const base = theirs.kinds.get(kind)!;
    if (meanOf(base.sum) === 0) return null;
    const ce = ratio(sum, base.sum);
    all.push(ce);
    const added = (of: Float64Array, clean: Float64Array) => of.map((each, i) => each - severities * clean[i]);
    const below = theirs.clean && added(base.sum, theirs.clean);
    const relative = own.clean && below && meanOf(below) >= leastDegradation * severities ? ratio(added(sum, own.clean), below) : null;
    if (relative) relatives.push(relative);
    perturbations[kind] = { ce: estimate(ce), relative: relative && estimate(relative) };
  }
  return { mce: estimate(meanRatio(all)), relativeMce: relatives.length > 0 ? estimate(meanRatio(relatives)) : null, perturbations };
}
