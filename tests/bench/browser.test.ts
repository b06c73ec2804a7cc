// How vitals are made of what the browser tells.
import { expect, test } from 'vitest';
import { vitalsOf } from './browser/vitals.ts';

const at = (entryType: string, startTime: number, more: { duration?: number; value?: number; hadRecentInput?: boolean } = {}) => ({ entryType, startTime, duration: 0, ...more });
const shift = (startTime: number, value: number, hadRecentInput = false) => at('layout-shift', startTime, { value, hadRecentInput });

test('the last largest paint counts, and what a task takes beyond 50 ms after the first', () => {
  const tasks = [[10, 300], [390, 60], [600, 250]].map(([startTime, duration]) => at('longtask', startTime, { duration }));
  const paints = [at('paint', 400), at('largest-contentful-paint', 400), at('largest-contentful-paint', 700)];
  expect(vitalsOf([...paints, ...tasks])).toEqual({ paint: 700, shift: 0, blocked: 210 });
});

test('shifts count by their worst window, and not those that a hand caused', () => {
  expect(vitalsOf([shift(0, 0.1), shift(900, 0.05), shift(3000, 0.12), shift(3100, 1, true)]).shift).toBeCloseTo(0.15);
  expect(vitalsOf(Array.from({ length: 10 }, (_, i) => shift(i * 900, 0.01))).shift).toBeCloseTo(0.06);
});
