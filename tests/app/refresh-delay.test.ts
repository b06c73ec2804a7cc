// How often open boards ask to be rendered anew: a bound for the site, and promptness where all is calm.
import { mean } from 'd3-array';
import { expect, test } from 'vitest';
import { refreshDelay, type Refreshed } from '../../app/challenges/[slug]/refresh-delay.ts';

/** Of all moments that chance may choose, a thousand at equal distances: what is bounded below is bounded every time. */
function delays(asked: Refreshed): number[] {
  const { random } = Math;
  try {
    return Array.from({ length: 1000 }, (_, i) => {
      Math.random = () => (i + 0.5) / 1000;
      return refreshDelay(asked);
    });
  } finally {
    Math.random = random;
  }
}
const longest = (asked: Refreshed) => Math.max(...delays(asked));
const average = (asked: Refreshed) => mean(delays(asked))!;

test('where a few look at a calm site, news show within a second', () => {
  expect(longest({ since: 60_000, took: 150, watching: 5 })).toBeLessThanOrEqual(1000);
});

test('however many look and however fast news come, together they ask less than ten times a second', () => {
  for (const watching of [10, 100, 300, 2000]) expect(watching / (average({ since: 0, took: 100, watching }) / 1000)).toBeLessThan(10);
});

test('a site that is slow is asked so much less, but once a minute still', () => {
  expect(average({ since: 0, took: 3000, watching: 1 })).toBeGreaterThan(30_000);
  expect(longest({ since: 0, took: 1e6, watching: 1 })).toBeLessThan(61_000);
  // What took long is waited for from its beginning.
  expect(longest({ since: 30_000, took: 3000, watching: 1 })).toBeLessThan(1000);
});
