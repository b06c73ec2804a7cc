// The book of a run: how long each kind of request took from the moment it was due, and what went wrong.
import { summaryOf, type Summary } from './statistics.ts';

export type Line = { kind: string; errors: number; times: Summary | null };
export type Record = {
  /** Milliseconds of what went well. */
  took(kind: string, milliseconds: number): void;
  failed(kind: string, why: string): void;
  /** A request was sent a second time, on another connection. */
  again(): void;
  /** Sorted as they first came. */
  lines(): Line[];
  /** How often each thing went wrong. */
  errors(): [string, number][];
  sentAgain(): number;
};

export function newRecord(): Record {
  const times = new Map<string, number[]>();
  const errors = new Map<string, number>();
  const failures = new Map<string, number>();
  let again = 0;
  const of = (kind: string) => times.get(kind) ?? times.set(kind, []).get(kind)!;
  return {
    took: (kind, milliseconds) => void of(kind).push(milliseconds),
    failed(kind, why) {
      of(kind);
      failures.set(kind, (failures.get(kind) ?? 0) + 1);
      errors.set(`${kind}: ${why}`, (errors.get(`${kind}: ${why}`) ?? 0) + 1);
    },
    again: () => void again++,
    sentAgain: () => again,
    lines: () => [...times].map(([kind, all]) => ({ kind, errors: failures.get(kind) ?? 0, times: summaryOf(all) })),
    errors: () => [...errors],
  };
}
