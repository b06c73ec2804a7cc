// What many times and delays come to: quantiles, and whether all were served alike. Pure.
import { max, quantileSorted, sum } from 'd3-array';

export type Summary = { count: number; median: number; p95: number; p99: number; max: number };

/** Null for nothing. */
export function summaryOf(values: readonly number[]): Summary | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => quantileSorted(sorted, share)!;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1)! };
}

/** Jain's index of fairness: 1 when all have the same, 1/n when one has everything. Null for nothing. */
export function jain(values: readonly number[]): number | null {
  const squares = sum(values, (value) => value * value);
  return squares === 0 ? null : sum(values) ** 2 / (values.length * squares);
}

export const mostOf = (values: readonly number[]): number => max(values) ?? 0;
