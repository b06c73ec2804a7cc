// How vitals are made of what the browser tells.
import { expect, test } from 'vitest';
import { vitalsOf } from './browser/vitals.ts';

const at = (startTime: number, more: { duration?: number; value?: number; hadRecentInput?: boolean } = {}) => ({ startTime, duration: 0, ...more });
const nothing = { paints: [], firstPaint: [], shifts: [], tasks: [] };

test('the last largest paint counts, and what a task takes beyond 50 ms after the first', () => {
  const tasks = [at(10, { duration: 300 }), at(390, { duration: 60 }), at(600, { duration: 250 })];
  expect(vitalsOf({ ...nothing, paints: [at(400), at(700)], firstPaint: [at(400)], tasks })).toEqual({ paint: 700, shift: 0, blocked: 210 });
});

test('shifts count by their worst window, and not those that a hand caused', () => {
  const apart = [at(0, { value: 0.1 }), at(900, { value: 0.05 }), at(3000, { value: 0.12 }), at(3100, { value: 1, hadRecentInput: true })];
  expect(vitalsOf({ ...nothing, shifts: apart }).shift).toBeCloseTo(0.15);
  const longer = Array.from({ length: 10 }, (_, i) => at(i * 900, { value: 0.01 }));
  expect(vitalsOf({ ...nothing, shifts: longer }).shift).toBeCloseTo(0.06);
});
