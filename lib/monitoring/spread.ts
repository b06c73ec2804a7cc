// How a class's accuracies on one column are spread. Pure.
import { quantileSorted } from 'd3-array';
import type { ClassColumn } from './class-columns.ts';
import type { ClassRow } from './class.ts';

/** Of accuracies in [0, 1]; quartiles as R's default makes them. `bins` are counts of equal widths from 0 to 1. */
export type Spread = { students: number; least: number; quartiles: [number, number, number]; most: number; mean: number; bins: number[] };

export const binCount = 25;

/** Null when nobody has a value. An accuracy of 1 belongs to the last bin. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => quantileSorted(sorted, share)!;
  const bins = new Array<number>(binCount).fill(0);
  for (const value of sorted) bins[Math.min(binCount - 1, Math.floor(value * binCount))]++;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { students: sorted.length, least: sorted[0], quartiles: [at(0.25), at(0.5), at(0.75)], most: sorted.at(-1)!, mean, bins };
}

/** The students' values of a column; baselines are no students. */
export function studentsOn({ key }: ClassColumn, rows: readonly ClassRow[]): number[] {
  return rows.flatMap(({ baseline, values }) => (baseline ? [] : (values.get(key) ?? [])));
}
