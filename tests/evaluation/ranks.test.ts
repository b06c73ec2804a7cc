// Simultaneous rank sets: by hand, ties, coverage in a small seeded simulation, and a large board in time.
import { describe, expect, test } from 'vitest';
import { comparePairs } from '../../lib/evaluation/pairs.ts';
import { pairedRanks } from '../../lib/evaluation/ranks.ts';
import { boards, coverage, ranksHold, simulate } from './simulation.ts';

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

  // Three standard errors of 120 boards below 95 %; boards of models that all differ are held more often than that.
  test.each(Object.entries(boards))('all rank sets at once: %s', (name, accuracies) => {
    expect(coverage(120, (round) => ranksHold(accuracies, 400, round), name)).toBeGreaterThan(0.89);
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
