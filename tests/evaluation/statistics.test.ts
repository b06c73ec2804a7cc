// Intervals and paired tests against the numbers of spec 6, and their coverage in a small seeded simulation.
import { describe, expect, test } from 'vitest';
import { bootstrapInterval } from '../../lib/evaluation/bootstrap.ts';
import { cholesky, gaussianDraws, normalQuantile } from '../../lib/evaluation/gaussian.ts';
import { drawSpread, mcnemar, meanInterval, wilson } from '../../lib/evaluation/statistics.ts';
import { deriveKey } from '../../lib/random.ts';
import { coverage, intervals, simulate } from './simulation.ts';

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

test('the spread over draws is the standard deviation of their accuracies', () => {
  const { draws, mean, sd, images } = drawSpread([90, 92, 94], 100);
  expect([draws, images]).toEqual([3, 100]);
  expect(mean).toBeCloseTo(0.92, 12);
  expect(sd).toBeCloseTo(0.02, 12);
});
