// Random starts: uniform in the ball, or on its rim, each image's from its own stream.
import { describe, expect, test } from 'vitest';
import type { Budget, Victims } from '../../lib/attacks/attack.ts';
import { ballsAround, length } from '../../lib/attacks/norms.ts';
import { rimStart, uniformStart } from '../../lib/attacks/starts.ts';
import { deriveKey } from '../../lib/random.ts';
import { noSources, pixels } from './linear-engine.ts';

const count = 300;
const startKey = () => deriveKey('', 'attack-start', 'test', 'attack');

/** Images of one gray, so that no bound of [0, 1] is near. */
function victims(over: Partial<Victims> = {}): Victims {
  const x = { data: new Float32Array(count * pixels).fill(0.5), shape: [count, pixels] };
  return { ...noSources, startKey, x, labels: new Uint8Array(count), image: Uint32Array.from({ length: count }, (_, i) => i), restart: 0, ...over };
}

function offsets(start: typeof uniformStart, budget: Budget, given = victims()): Float32Array[] {
  const data = start(given, budget, ballsAround(given.x, budget));
  return Array.from({ length: count }, (_, i) => data.slice(i * pixels, (i + 1) * pixels).map((value) => (value - 0.5) / budget.epsilon));
}

const mean = (values: Iterable<number>) => [...values].reduce((sum, value, _, all) => sum + value / all.length, 0);
const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const linf: Budget = { norm: 'linf', epsilon: 0.1 };
const l2: Budget = { norm: 'l2', epsilon: 0.3 };

test('L-infinity: every pixel is uniform', () => {
  const all = offsets(uniformStart, linf);
  expect(mean(all.map(mean))).toBeCloseTo(0, 2);
  expect(mean(all.map((each) => mean(each.map((value) => value * value))))).toBeCloseTo(1 / 3, 2);
  expect(Math.max(...all.map(largest))).toBeLessThanOrEqual(1 + 1e-5);
});

test('L2: the length has the density of a ball of 784 dimensions, its direction none', () => {
  const all = offsets(uniformStart, l2);
  const lengths = all.map((each) => length(each));
  expect(Math.max(...lengths)).toBeLessThanOrEqual(1 + 1e-5);
  // u^(1/784) has the mean 784/785; half of the ball lies outside 0.5^(1/784).
  expect(mean(lengths)).toBeCloseTo(784 / 785, 3);
  const outer = lengths.filter((each) => each > 0.5 ** (1 / 784)).length / count;
  expect(outer).toBeGreaterThan(0.4);
  expect(outer).toBeLessThan(0.6);
  // Normal pixels: no mean, and a kurtosis of 3 where uniform ones have 1.8.
  const squares = mean(all.map((each) => mean(each.map((value) => value ** 2))));
  expect(mean(all.map(mean))).toBeCloseTo(0, 3);
  expect(mean(all.map((each) => mean(each.map((value) => value ** 4)))) / squares ** 2).toBeCloseTo(3, 1);
});

describe('APGD starts on the rim', () => {
  test.each([['linf', linf, largest], ['l2', l2, length]] as const)('%s', (_, budget, size) => {
    for (const each of offsets(rimStart, budget)) expect(size(each)).toBeCloseTo(1, 5);
  });
});

test.each([
  ['uniform, linf', uniformStart, linf], ['uniform, l2', uniformStart, l2], ['rim, linf', rimStart, linf], ['rim, l2', rimStart, l2],
] as const)('%s: each image and round has its own', (_, start, budget) => {
  const all = offsets(start, budget);
  expect(new Set(all.map((each) => each.slice(0, 4).join())).size).toBe(count);
  expect(offsets(start, budget, victims({ restart: 1 }))[0]).not.toEqual(all[0]);
  const reversed = victims({ image: Uint32Array.from({ length: count }, (_, i) => count - 1 - i) });
  expect(offsets(start, budget, reversed)[0]).toEqual(all[count - 1]);
});
