// The rules of a challenge that are numbers and choices: quotas, lateness, teams, tiers, and which submission counts.
import { z } from 'zod';

const perDay = z.number().int().min(1).max(1000);
const days = z.number().int().min(1).max(3650).nullable().default(null);

export const policySchema = z.object({
  /** Evaluations a day that succeed, or still may; a failure or a cancelled one gives its place back. A day is the challenge's zone's. */
  successesPerDay: perDay.default(20),
  /** Submissions a day whatever becomes of them, but for those that the platform failed or that were cancelled before they began. */
  attemptsPerDay: perDay.default(60),
  /** Submissions of one student (or team) under evaluation at once. */
  concurrent: z.number().int().min(1).max(100).default(20),
  /** Which submission stands on the board: the best by the primary metric, or the one its student chose (the best until then). */
  counted: z.enum(['best', 'chosen']).default('best'),
  /** How long after the deadline an upload that began before it may still be submitted. */
  graceMinutes: z.number().int().min(0).max(24 * 60).default(15),
  /** Hours after the deadline in which late submissions are taken; 0 takes none. */
  lateHours: z.number().int().min(0).max(24 * 60).default(0),
  /** Taken from the grade for each begun day of lateness, in percent of the grade. */
  latePenaltyPerDay: z.number().min(0).max(100).default(0),
  /** Most members of a team; 1 is a challenge without teams. */
  teamSize: z.number().int().min(1).max(20).default(1),
  /** Which submissions run the whole protocol; the others run clean and mixed alone. */
  fullProtocol: z.enum(['every', 'per-day', 'counted']).default('every'),
  /** How many a day under `per-day`. */
  fullPerDay: perDay.default(3),
  /** Whether members may stand on the board under a pseudonym. */
  pseudonyms: z.boolean().default(true),
  /** Days after which an archived challenge loses its students' files and models; null keeps them. */
  keepFilesDays: days,
  /** Days after which an archived challenge loses its class list, its staff's notes and what students wrote; null keeps them. */
  keepPeopleDays: days,
});

export type Policy = z.infer<typeof policySchema>;

/** The policy as stored, with what is missing as it comes. */
export const policyOf = (stored: unknown): Policy => policySchema.parse(stored);
