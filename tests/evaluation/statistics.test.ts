// Intervals, paired tests and ranks against the numbers of spec 6, and their coverage in a small seeded simulation.
import { describe, expect, test } from 'vitest';
import { bootstrapInterval } from '../../lib/evaluation/bootstrap.ts';
import { cholesky, gaussianDraws, normalQuantile } from '../../lib/evaluation/gaussian.ts';
import { comparePairs } from '../../lib/evaluation/pairs.ts';
import { mcnemar, meanInterval, pairedRanks, wilson } from '../../lib/evaluation/statistics.ts';
import { deriveKey } from '../../lib/random.ts';
import { boards, coverage, intervals, ranksHold, simulate } from './simulation.ts';

describe('wilson', () => {
  test.each([
    [9000, 10_000, 0.894, 0.9057],
    [5000, 10_000, 0.4902, 0.5098],
    [900, 1000, 0.8798, 0.9171],
  ])('%i of %i', (correct, total, low, high) => {
    const interval = wilson(correct, total);
    expect(interval).toMatchObject({ value: correct / total, images: total });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('keeps its width at the ends, and stays in [0, 1]', () => {
    expect(wilson(0, 1000)).toMatchObject({ value: 0, low: 0 });
    expect(wilson(0, 1000).high).toBeCloseTo(0.0038, 4);
    expect(wilson(1000, 1000)).toMatchObject({ value: 1, high: 1 });
    expect(wilson(1000, 1000).low).toBeCloseTo(1 - 0.0038, 4);
  });
});

describe('meanInterval', () => {
  test('is the mean with 1.96 sd / sqrt(N)', () => {
    const { value, low, high, images } = meanInterval(Float64Array.of(0, 0.5, 1, 0.5), [0, 1]);
    expect([value, images]).toEqual([0.5, 4]);
    const half = (1.959964 * Math.sqrt(0.5 / 3)) / 2;
    expect(low).toBeCloseTo(0.5 - half, 12);
    expect(high).toBeCloseTo(0.5 + half, 12);
  });

  test('is never without width where everything is right or wrong', () => {
    expect(meanInterval(new Float64Array(50), [0, 1])).toEqual(wilson(0, 50));
    expect(meanInterval(new Float64Array(50).fill(1), [0, 1])).toEqual(wilson(50, 50));
  });

  test('and the clustered bootstrap agree within the bootstrap’s own error', () => {
    const columns = simulate([0.9, 0.7, 0.4, 0.2], 1000, 'beside');
    const values = columns[0].map((_, i) => columns.reduce((sum, column) => sum + column[i], 0) / columns.length);
    const { value, low, high } = meanInterval(values, [0, 1]);
    const resampled = bootstrapInterval(values, undefined, 4000);
    // A quantile of 4000 resamples is off by about 3 % of the half-width, one standard error.
    const slack = 0.09 * (high - value);
    expect(Math.abs(resampled.low - low)).toBeLessThan(slack);
    expect(Math.abs(resampled.high - high)).toBeLessThan(slack);
  });
});

describe('coverage in a small seeded simulation (at length: npx tsx tests/bench/statistics.ts)', () => {
  const rounds = 120;
  // Three standard errors of 120 rounds around 95 %, and never all of them for intervals.
  test.each(Object.entries(intervals))('%s', (name, held) => {
    const share = coverage(rounds, (round) => held(400, round), name);
    expect(share).toBeGreaterThan(0.89);
    expect(share).toBeLessThan(1);
  });

  test.each(Object.entries(boards))('all rank sets at once: %s', (name, accuracies) => {
    expect(coverage(rounds, (round) => ranksHold(accuracies, 400, round), name)).toBeGreaterThan(0.89);
  });
});

test('McNemar, exact and mid-p, as in spec 6.3', () => {
  const { exact, midP } = mcnemar(60, 40);
  expect(exact).toBeCloseTo(0.057, 3);
  expect(midP).toBeCloseTo(0.046, 3);
  expect(mcnemar(40, 60)).toEqual(mcnemar(60, 40));
  expect(mcnemar(0, 0)).toEqual({ exact: 1, midP: 1 });
  expect(mcnemar(7, 7).exact).toBe(1);
  expect(mcnemar(10, 0).exact).toBeCloseTo(2 / 1024, 10);
});

test('normal quantiles', () => {
  for (const [p, z] of [[0.5, 0], [0.975, 1.959964], [0.025, -1.959964], [0.999, 3.090232], [1e-6, -4.753424], [1e-12, -7.034484]]) {
    expect(normalQuantile(p)).toBeCloseTo(z, 5);
  }
});

test('Gaussian draws have the covariance asked for, singular or not', () => {
  const covariance = Float64Array.of(4, 2, 4, 2, 3, 2, 4, 2, 4);
  const lower = cholesky(covariance, 3);
  expect(lower[8]).toBe(0);
  const count = 20_000;
  const draws = gaussianDraws(covariance, 3, count, deriveKey('', 'bootstrap', 'draws', 'evaluate'));
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      let sum = 0;
      for (let draw = 0; draw < count; draw++) sum += draws[a][draw] * draws[b][draw];
      expect(sum / count).toBeCloseTo(covariance[a * 3 + b], 0);
    }
  }
});

describe('pairedRanks', () => {
  test('variance of a right-or-wrong pair is (b + c + 1) / N^2', () => {
    const pairs = comparePairs([Float64Array.of(1, 1, 1, 0, 1), Float64Array.of(1, 0, 0, 1, 1)]);
    expect(pairs.variance[1]).toBeCloseTo(4 / 25, 12);
    expect([...pairs.means]).toEqual([0.8, 0.6]);
    expect(pairs.covariance[1]).toBeCloseTo((2 / 5 - 0.48) / 5, 12);
  });

  test('bits and values agree', () => {
    const outcomes = simulate([0.9, 0.8, 0.7], 500, 'agree');
    const [bits, values] = [comparePairs(outcomes), comparePairs([...outcomes, new Float64Array(500).fill(0.5)])];
    for (let a = 0; a < 3; a++) for (let b = 0; b < 3; b++) expect(values.covariance[a * 4 + b]).toBeCloseTo(bits.covariance[a * 3 + b], 15);
    for (let a = 0; a < 3; a++) for (let b = 0; b < a; b++) expect(values.variance[a * 4 + b]).toBeCloseTo(bits.variance[a * 3 + b], 12);
  });

  test('separates what is far apart and ties what is not', () => {
    const ranks = pairedRanks(simulate([0.7, 0.9, 0.902, 0.5], 2000, 'apart'));
    expect(ranks).toEqual([
      { rank: 3, low: 3, high: 3 },
      { rank: 1, low: 1, high: 2 },
      { rank: 1, low: 1, high: 2 },
      { rank: 4, low: 4, high: 4 },
    ]);
  });

  test('models with identical outcomes are tied', () => {
    const [better, worse] = simulate([0.9, 0.6], 1000, 'same');
    expect(pairedRanks([worse, better, worse])).toEqual([{ rank: 2, low: 2, high: 3 }, { rank: 1, low: 1, high: 1 }, { rank: 2, low: 2, high: 3 }]);
    const half = better.map((value) => value / 2);
    expect(pairedRanks([half, half])).toEqual([{ rank: 1, low: 1, high: 2 }, { rank: 1, low: 1, high: 2 }]);
  });

  test('one model, or none', () => {
    expect(pairedRanks([])).toEqual([]);
    expect(pairedRanks([Float64Array.of(1, 0)])).toEqual([{ rank: 1, low: 1, high: 1 }]);
  });

  test('refuses models that saw different images', () => {
    expect(() => pairedRanks([new Float64Array(3), new Float64Array(4)])).toThrow('one has 3, another 4');
  });

  test('500 models on 10,000 images in a moment', () => {
    const outcomes = simulate(Array.from({ length: 500 }, (_, i) => 0.6 + 0.0006 * i), 10_000, 'many');
    const began = process.cpuUsage();
    const ranks = pairedRanks(outcomes);
    const seconds = process.cpuUsage(began).user / 1e6;
    expect(ranks[499].rank).toBe(1);
    expect(ranks[0].high).toBe(500);
    // 1.6 s of processor time here; the bound leaves room for a busy machine, whose caches are shared.
    expect(seconds).toBeLessThan(8);
  });
});
