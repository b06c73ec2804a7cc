// The small pure parts of the pages: how figures are written, where a sign-in may lead, what a theme cookie may say.
import { expect, test } from 'vitest';
import { bytes, duration, epsilon, interval, percent, placeText, points, pointsInterval, short, untilText, whole } from '../../app/ui/format.ts';
import { ownPath } from '../../app/ui/own-path.ts';
import { scalingText } from '../../app/ui/scaling-text.ts';
import { themeOf } from '../../app/ui/theme.ts';
import { rangeOf } from '../../app/ui/whisker.tsx';

const estimate = { value: 0.5, low: 0.486, high: 0.514, images: 10 };

test('figures are percent with one decimal, differences are signed with a real minus', () => {
  expect([percent(0.8743), percent(1), percent(0.8743, 0)]).toEqual(['87.4', '100.0', '87']);
  expect([points(0.0123), points(-0.0123), points(0.0001), points(-0.0001)]).toEqual(['+1.2', '\u22121.2', '\u00b10.0', '\u00b10.0']);
  expect(interval(estimate)).toBe('48.6\u201351.4');
  expect(pointsInterval({ low: -0.004, high: 0.011 })).toBe('\u22120.4 to +1.1');
});

test('counts, sizes, times and radii', () => {
  expect([whole(206922), short(206922), short(7850)]).toEqual(['206,922', '207K', '7.85K']);
  expect([bytes(15), bytes(31_500), bytes(828_410)]).toEqual(['15 B', '32 kB', '828 kB']);
  expect([duration(0.2), duration(45), duration(200), duration(8000)]).toEqual(['1 s', '45 s', '3 min', '2 h 13 min']);
  expect([epsilon(8 / 255), epsilon(0.05), epsilon(0.1)]).toEqual(['8/255', '0.05', '0.1']);
});

test('what is to come is never said to be later than it is', () => {
  const hour = 3600;
  expect([90, 59 * 60, 2 * hour - 1, 2 * hour, 47.9 * hour, 48 * hour, -5].map(untilText)).toEqual([
    'in 1 minute', 'in 59 minutes', 'in 119 minutes', 'in 2 hours', 'in 47 hours', 'in 2 days', 'in 0 minutes',
  ]);
});

test('a place is a range when the data leave it open', () => {
  expect([placeText({ low: 3, high: 3 }), placeText({ low: 2, high: 1200 })]).toEqual(['3', '2–1,200']);
});

test.each([
  ['/challenges/x/submit', '/challenges/x/submit'],
  ['/a?b=c', '/a?b=c'],
  [undefined, '/'],
  ['', '/'],
  ['https://evil.test', '/'],
  ['//evil.test', '/'],
  ['/\\evil.test', '/'],
  ['/a\\..\\b', '/'],
  ['/\t/evil.test', '/'],
  ['javascript:alert(1)', '/'],
])('a sign-in for %j leads to %j', (to, path) => expect(ownPath(to)).toBe(path));

test('a theme is one of three, whatever the cookie says', () => {
  expect(['light', 'dark', 'system', 'x', undefined].map(themeOf)).toEqual(['light', 'dark', 'system', 'system', 'system']);
});

test('pixel scaling in words', () => {
  expect(scalingText({ scale: 1, mean: 0, deviation: 1 })).toBe('0–1');
  expect(scalingText({ scale: 255, mean: 0, deviation: 1 })).toBe('0–255');
  expect(scalingText({ scale: 1, mean: 0.286, deviation: 0.353 })).toBe('0–1, minus 0.286, divided by 0.353');
});

test('a column’s range holds every interval', () => {
  expect(rangeOf([estimate, { ...estimate, low: 0.1, high: 0.2 }])).toEqual({ from: 0.1, to: 0.514 });
  expect(rangeOf([])).toBeNull();
});
