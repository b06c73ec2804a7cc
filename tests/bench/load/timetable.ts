// When a class of students comes to upload, drawn from a seed: who comes, when, with how large a model, and how long they look at each page. Pure.
import { deriveKey, seedHexOf, Stream } from '../../../lib/random.ts';

export const sizes = ['60 kB', '5 MB', '20 MB'] as const;
export type Size = (typeof sizes)[number];
/** `at` in seconds from the beginning; `looks` are the seconds that each page of the visit is looked at before the next is asked for. */
export type Visit = { at: number; student: number; turn: number; size: Size; looks: readonly number[] };
export type TimetableOptions = { students: number; seconds: number; seed: string };

/** In the last tenth of the time, as before every deadline. */
export const rush = { share: 0.3, from: 0.9 };
/** A few hand in again and again, beginning in the second half, so that the rush finds what they have waiting. */
export const eager = { share: 0.03, submissions: 20, from: 0.5, until: 0.85 };
const share: Record<Size, number> = { '60 kB': 0.7, '5 MB': 0.25, '20 MB': 0.05 };
/** Pages of a visit, and the seconds that one is looked at on average. */
export const pagesOfVisit = 8;
const looks = { least: 0.5, mean: 2 };

/** How many of a class hand in again and again: at least one. */
export const eagerOf = (students: number): number => Math.max(1, Math.round(eager.share * students));

/**
 * Visits by time. Everybody comes once; the moments are those of a Poisson process whose rate rises for the rush, given how many come
 * (then they are independent). The first `eagerOf` students hand in twenty times, at exponential gaps of half a hundredth of the time.
 */
export function timetableOf({ students, seconds, seed }: TimetableOptions): Visit[] {
  const chance = new Stream(deriveKey(seedHexOf(seed), 'parameters', 'timetable', 'evaluate'), { image: 0 });
  const exponential = (mean: number) => -mean * Math.log(1 - chance.uniform());
  const between = (from: number, until: number) => seconds * (from + (until - from) * chance.uniform());
  const visit = (at: number, student: number, turn: number): Visit => ({
    at, student, turn, size: sizeAt(chance.uniform()),
    looks: Array.from({ length: pagesOfVisit }, () => looks.least + exponential(looks.mean - looks.least)),
  });
  const visits: Visit[] = [];
  for (let student = 0; student < students; student++) {
    if (student >= eagerOf(students)) {
      visits.push(visit(chance.uniform() < rush.share ? between(rush.from, 1) : between(0, rush.from), student, 0));
      continue;
    }
    let at = between(eager.from, eager.until);
    for (let turn = 0; turn < eager.submissions; turn++, at += exponential(seconds / 200)) visits.push(visit(at, student, turn));
  }
  return visits.sort((a, b) => a.at - b.at);
}

function sizeAt(place: number): Size {
  let below = 0;
  return sizes.find((size) => place < (below += share[size])) ?? sizes[0];
}
