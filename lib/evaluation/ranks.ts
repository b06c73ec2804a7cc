// Simultaneous rank confidence sets with step-down (spec 6.4). Pure functions of outcomes; knows no protocol.
import { deriveKey, type Key } from '../random.ts';
import { gaussianDraws } from './gaussian.ts';
import { comparePairs, type Pairs } from './pairs.ts';

/** Displayed rank is 1 + the number significantly better; the true rank lies in [low, high] for all models at once. */
export type Rank = { rank: number; low: number; high: number };

const draws = 2000;
const confidence = 0.95;

/** Two models not yet told apart: the better by point estimate first; their distance in standard errors. */
type Contest = { better: number; worse: number; se: number; distance: number };

function contests({ models, means, variance }: Pairs): Contest[] {
  const found: Contest[] = [];
  for (let a = 0; a < models; a++) {
    for (let b = 0; b < a; b++) {
      const [better, worse] = means[a] > means[b] ? [a, b] : [b, a];
      const se = Math.sqrt(variance[a * models + b]);
      // Without a standard error the outcomes are equal on every image: tied whatever the critical value.
      if (se > 0) found.push({ better, worse, se, distance: (means[better] - means[worse]) / se });
    }
  }
  return found;
}

/** Models in a block: similar ones, since boards come sorted, so that one bound for all pairs of two blocks is sharp. */
const block = 16;

/** 1 / se of every open pair [M * M], 0 of the others; and its largest value for each pair of blocks. */
function precisions(open: readonly Contest[], models: number): { each: Float64Array; blocks: number; largest: Float64Array } {
  const blocks = Math.ceil(models / block);
  const each = new Float64Array(models * models);
  const largest = new Float64Array(blocks * blocks);
  for (const { better, worse, se } of open) {
    const [a, b] = better > worse ? [better, worse] : [worse, better];
    each[a * models + b] = 1 / se;
    const at = Math.floor(a / block) * blocks + Math.floor(b / block);
    largest[at] = Math.max(largest[at], 1 / se);
  }
  return { each, blocks, largest };
}

/**
 * The 95 % quantile over the draws of the largest studentised difference of any open pair. Of 125,000 pairs of a large board
 * few can be a draw's largest: two blocks whose spread times their best precision stays below what was found are passed over.
 */
function criticalValue(open: readonly Contest[], sampled: readonly Float64Array[]): number {
  const models = sampled.length;
  const { each, blocks, largest } = precisions(open, models);
  const x = new Float64Array(models);
  const low = new Float64Array(blocks);
  const high = new Float64Array(blocks);
  const found = Float64Array.from({ length: draws }, (_, draw) => {
    low.fill(Infinity);
    high.fill(-Infinity);
    for (let a = 0; a < models; a++) {
      const at = Math.floor(a / block);
      x[a] = sampled[a][draw];
      if (x[a] < low[at]) low[at] = x[a];
      if (x[a] > high[at]) high[at] = x[a];
    }
    let most = 0;
    for (let i = 0; i < blocks; i++) {
      for (let j = 0; j <= i; j++) {
        if (Math.max(high[i] - low[j], high[j] - low[i]) * largest[i * blocks + j] <= most) continue;
        for (let a = i * block; a < Math.min(models, (i + 1) * block); a++) {
          for (let b = j * block; b < Math.min(a, (j + 1) * block); b++) {
            const t = Math.abs(x[a] - x[b]) * each[a * models + b];
            if (t > most) most = t;
          }
        }
      }
    }
    return most;
  });
  return found.sort()[Math.ceil(confidence * draws) - 1];
}

/**
 * Simultaneous rank sets of M models from their outcomes on the same N images, each in [0, 1] (spec 6.4): a pair is told
 * apart when its studentised difference exceeds the 95 % point of the largest one over all open pairs, drawn from the
 * Gaussian with the models' covariance; told-apart pairs drop out and the rest is tried again. In the order given.
 */
export function pairedRanks(outcomes: readonly Float64Array[], key: Key = deriveKey('', 'bootstrap', 'ranks', 'evaluate')): Rank[] {
  if (outcomes.length === 0) return [];
  const pairs = comparePairs(outcomes);
  const { models } = pairs;
  const sampled = gaussianDraws(pairs.covariance, models, draws, key);
  const losses = new Uint32Array(models);
  const wins = new Uint32Array(models);
  for (let open = contests(pairs); open.length > 0; ) {
    const critical = criticalValue(open, sampled);
    const told = open.filter(({ distance }) => distance > critical);
    if (told.length === 0) break;
    for (const { better, worse } of told) {
      wins[better]++;
      losses[worse]++;
    }
    open = open.filter(({ distance }) => !(distance > critical));
  }
  return outcomes.map((_, model) => ({ rank: 1 + losses[model], low: 1 + losses[model], high: models - wins[model] }));
}
