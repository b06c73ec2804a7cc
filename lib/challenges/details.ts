// What an instructor types of a challenge, checked before anything is stored: words, dates in its zone, rules that are numbers.
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { momentOf, wallClockOf, zoneNamed } from './zoned.ts';

export const detailLimits = { title: 120, description: 500, rules: 50_000 } as const;

const text = (most: number) => z.string().trim().max(most, `wanted at most ${most} characters`);

export const aboutSchema = z.object({
  title: text(detailLimits.title).min(1, 'wanted'),
  description: text(detailLimits.description).default(''),
  rules: text(detailLimits.rules).default(''),
  visibility: z.enum(['public', 'members']).default('public'),
});
export type About = z.infer<typeof aboutSchema>;

/** `new` is the page that makes one. */
export const slugSchema = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'wanted 1 to 64 of a-z, 0-9 and -, a letter or digit first')
  .refine((slug) => slug !== 'new', '"new" is the address of the page that opens a challenge; wanted another');

/** The value, its defaults filled in. Throws RequestError 400 that names every field that is wrong. */
export function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new RequestError(400, error.issues.map(({ path, message }) => `${labelOf(path)}: ${message}.`).join(' '));
}

/** `latePenaltyPerDay` as `Late penalty per day`. */
function labelOf(path: readonly PropertyKey[]): string {
  const words = path.map(String).join(' ').replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Wall-clock times of `timeZone`, as a date and time input gives them; empty: opens now, closes never. */
export type Dates = { timeZone: string; opens?: string; closes?: string };
export type Moments = { timeZone: string; opensAt: Date; closesAt: Date | null };

/**
 * The moments that dates mean. An hour that comes twice means its first coming for an opening and its second for a deadline: both
 * as the student would have it. A time that reads as `before` did stays that very moment, seconds and all.
 * Throws RequestError 400 for no zone, no time, one that the clocks skip, and a deadline not after the opening.
 */
export function momentsOf({ timeZone: zone, opens = '', closes = '' }: Dates, before?: Moments, now: Date = new Date()): Moments {
  const timeZone = zoneNamed(zone);
  if (!timeZone) throw new RequestError(400, `There is no time zone "${zone}". Choose one like Europe/Berlin.`);
  const kept = (wallClock: string, moment?: Date | null) =>
    moment && before?.timeZone === timeZone && wallClockOf(moment, timeZone) === wallClock.slice(0, 16) ? moment : null;
  const opened = before && before.opensAt <= now ? before.opensAt : now;
  const opensAt = opens === '' ? opened : (kept(opens, before?.opensAt) ?? momentOf(opens, timeZone, 'first'));
  const closesAt = closes === '' ? null : (kept(closes, before?.closesAt) ?? momentOf(closes, timeZone, 'second'));
  if (closesAt && closesAt <= opensAt) {
    throw new RequestError(400, 'A challenge closes after it opens. Choose a later deadline, or an earlier opening.');
  }
  return { timeZone, opensAt, closesAt };
}
