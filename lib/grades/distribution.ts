// How grades are spread over a class. Pure.
import { quantileSorted } from 'd3-array';
import type { GradeRow } from './grades.ts';

/** Null figures when nobody has a grade; `without` counts those with nothing that counts. Quartiles as R's default makes them. */
export type Distribution = { mean: number | null; median: number | null; quartiles: [number | null, number | null]; without: number };

export function distributionOf(rows: readonly Pick<GradeRow, 'grade' | 'value'>[]): Distribution {
  const grades = rows.flatMap(({ grade }) => (grade === null ? [] : [grade])).sort((a, b) => a - b);
  const at = (share: number) => quantileSorted(grades, share) ?? null;
  return {
    mean: grades.length > 0 ? grades.reduce((sum, grade) => sum + grade, 0) / grades.length : null,
    median: at(0.5),
    quartiles: [at(0.25), at(0.75)],
    without: rows.filter(({ value }) => value === null).length,
  };
}
