// Made-up models whose truth is known, and how often intervals and rank sets hold it: for the tests, and at length for
// tests/bench/statistics.ts. Models share what makes an image hard, as real ones do.
import { corruptionError } from '../../lib/evaluation/corruption.ts';
import { bootstrapInterval } from '../../lib/evaluation/bootstrap.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { pairedRanks } from '../../lib/evaluation/ranks.ts';
import { meanInterval, wilson } from '../../lib/evaluation/statistics.ts';
import { trialId } from '../../lib/evaluation/trial-id.ts';
import { deriveKey, Stream } from '../../lib/random.ts';
import { cell } from './cells.ts';

export const streamOf = (name: string, image = 0) => new Stream(deriveKey('', 'bootstrap', name, 'evaluate'), { image });

/** The p-quantile of 0.8 U + 0.2 V for p between 1/8 and 7/8 is linear; outside, the corner of the trapezoid. */
function quantileOfMix(p: number): number {
  if (p < 0.125) return Math.sqrt(0.32 * p);
  if (p > 0.875) return 1 - Math.sqrt(0.32 * (1 - p));
  return 0.8 * p + 0.1;
}

/** Right-or-wrong outcomes of models of given accuracy whose mistakes fall on the same hard images. */
export function simulate(accuracies: readonly number[], images: number, name: string): Float64Array[] {
  const shared = streamOf(name);
  const hard = Float64Array.from({ length: images }, () => shared.uniform());
  return accuracies.map((accuracy, model) => {
    const own = streamOf(name, model + 1);
    return hard.map((value) => (0.8 * value + 0.2 * own.uniform() < quantileOfMix(accuracy) ? 1 : 0));
  });
}

/** Mean over cells of each accuracy, per image: cells of one model share the image's difficulty. */
function overCells(accuracies: readonly number[], images: number, name: string): Float64Array {
  const columns = simulate(accuracies, images, name);
  return columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0) / columns.length);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const holds = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high;

const cells = [0.95, 0.85, 0.7, 0.5, 0.3];
const ladder = [0.6, 0.3, 0.08, 0.01, 0];

const protocol = parseProtocol({
  name: 'corruptions',
  trials: [{ kind: 'clean' }, ...[1, 3, 5].map((severity) => ({ kind: 'perturbation', perturbation: 'rotate', severity })), { kind: 'perturbation', perturbation: 'flip', severity: 3 }],
});
const corrupted = { model: [0.92, 0.85, 0.7, 0.45, 0.75], reference: [0.9, 0.8, 0.6, 0.3, 0.7] };
const trueMce = (100 * (1 / 1.3 + 0.25 / 0.3)) / 2;

function mceInterval(images: number, name: string): { low: number; high: number } {
  const columns = simulate([...corrupted.model, ...corrupted.reference], images, name);
  const side = (from: number) => new Map(protocol.trials.map((trial, i) => cell(trialId(trial), columns[from + i].join(''))));
  const asked = { ...protocol, images: { split: 'test' as const, size: images } };
  return corruptionError(asked, side(0), side(corrupted.model.length))!.mce;
}

/** By name: whether one made-up experiment of `images` images has its true value inside its 95 % interval. */
export const intervals: Record<string, (images: number, name: string) => boolean> = {
  'Wilson, accuracy 90 %': (images, name) => holds(wilson(simulate([0.9], images, name)[0].reduce((a, b) => a + b), images), 0.9),
  'Wilson, accuracy 5 %': (images, name) => holds(wilson(simulate([0.05], images, name)[0].reduce((a, b) => a + b), images), 0.05),
  'mean over cells, analytic': (images, name) => holds(meanInterval(overCells(cells, images, name), [0, 1]), mean(cells)),
  'mean over cells, bootstrap': (images, name) => holds(bootstrapInterval(overCells(cells, images, name), undefined, 400), mean(cells)),
  'mean over a ladder that ends at 0': (images, name) => holds(meanInterval(overCells(ladder, images, name), [0, 1]), mean(ladder)),
  'paired difference of two accuracies': (images, name) => {
    const [a, b] = simulate([0.9, 0.88], images, name);
    return holds(meanInterval(a.map((value, i) => value - b[i]), [-1, 1]), 0.02);
  },
  'paired difference of two means': (images, name) => {
    const columns = simulate([...cells, ...cells.map((p) => 0.95 * p)], images, name);
    const difference = columns[0].map((_, i) => mean(cells.map((_, c) => columns[c][i] - columns[cells.length + c][i])));
    return holds(meanInterval(difference, [-1, 1]), 0.05 * mean(cells));
  },
  // An image is right in a share of a policy's draws that is its own (uniform, so 1/2 on average); one evaluation draws once.
  'Wilson, one evaluation of a policy that draws at random': (images, name) => {
    const stream = streamOf(name);
    let right = 0;
    for (let i = 0; i < images; i++) {
      const share = stream.uniform();
      if (stream.uniform() < share) right++;
    }
    return holds(wilson(right, images), 0.5);
  },
  'mCE against the reference': (images, name) => holds(mceInterval(images, name), trueMce),
};

/** Accuracies of the models of some boards. */
export const boards: Record<string, number[]> = {
  '10 equal models': new Array<number>(10).fill(0.85),
  'two groups of 5 equal ones, a point apart': [...new Array<number>(5).fill(0.86), ...new Array<number>(5).fill(0.85)],
  '20 models, half a point apart': Array.from({ length: 20 }, (_, i) => 0.8 + 0.005 * i),
  'four equal, one below, one far': [0.85, 0.85, 0.85, 0.85, 0.82, 0.7],
};

/** Whether all rank sets of a made-up board hold the true ranks at once; equal models share theirs. */
export function ranksHold(accuracies: readonly number[], images: number, name: string): boolean {
  return pairedRanks(simulate(accuracies, images, name)).every(({ low, high }, i) => {
    const better = accuracies.filter((accuracy) => accuracy > accuracies[i]).length;
    const worse = accuracies.filter((accuracy) => accuracy < accuracies[i]).length;
    return low <= 1 + better && high >= accuracies.length - worse;
  });
}

/** Share of `rounds` in which it held. */
export function coverage(rounds: number, held: (name: string) => boolean, name: string): number {
  let count = 0;
  for (let round = 0; round < rounds; round++) if (held(`${name} ${round}`)) count++;
  return count / rounds;
}
