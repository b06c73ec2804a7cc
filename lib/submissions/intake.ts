// Whether a challenge takes something from a student at a moment, by its dates alone. Pure; quotas are counted elsewhere.
import type { ChallengeView } from '../challenges/challenges.ts';
import { zonedText } from '../challenges/zoned.ts';
import { deadlineFor } from './lateness.ts';

/** What of a challenge decides. */
export type Terms = Pick<
  ChallengeView, 'id' | 'title' | 'opensAt' | 'closesAt' | 'paused' | 'archived' | 'timeZone' | 'policy' | 'phases'
>;

export type Reason = 'archived' | 'paused' | 'upcoming' | 'closed' | 'attempts' | 'successes' | 'concurrent';

/** `from`: when it will be otherwise, ISO 8601; null when that is not known or never. */
export type Refusal = { because: Reason; reason: string; from: string | null };

/** Times are ISO 8601. */
export type DeadlineView = {
  at: string;
  /** Whether it is the student's own, later than the challenge's. */
  extended: boolean;
  /** Until when something begun before the deadline may still be submitted as being on time. */
  graceUntil: string;
  /** Until when late submissions are taken; null when none are. */
  lateUntil: string | null;
  /** Percent of the grade that each begun day of lateness costs. */
  penaltyPerDay: number;
};

/** What it counts as: when it was begun, and whether that is late. */
export type Taken = { requestedAt: Date; late: boolean };

const after = (moment: Date, minutes: number) => new Date(moment.getTime() + minutes * 60_000);

/** The ends of the times in which a student may submit; null where there is no deadline. */
export function deadlinesOf({ closesAt, policy }: Pick<Terms, 'closesAt' | 'policy'>, extendedUntil: Date | null): DeadlineView | null {
  const regular = closesAt === null ? null : new Date(closesAt);
  const at = deadlineFor(regular, extendedUntil);
  if (!at || !regular) return null;
  return {
    at: at.toISOString(),
    extended: at > regular,
    graceUntil: after(at, policy.graceMinutes).toISOString(),
    lateUntil: policy.lateHours > 0 ? after(at, policy.lateHours * 60).toISOString() : null,
    penaltyPerDay: policy.latePenaltyPerDay,
  };
}

/**
 * Whether what was begun at `begunAt` may be submitted at `now`. Before the deadline begun is on time until the grace has run out,
 * and then as late as it is confirmed; the late window ends in the same way.
 */
export function intakeAt(terms: Terms, deadline: DeadlineView | null, begunAt: Date, now: Date): Taken | Refusal {
  const text = (moment: string) => zonedText(new Date(moment), terms.timeZone);
  const stopped = standingStill(terms);
  if (stopped) return stopped;
  if (now < new Date(terms.opensAt)) {
    return { because: 'upcoming', reason: `"${terms.title}" opens at ${text(terms.opensAt)}.`, from: terms.opensAt };
  }
  if (!deadline) return { requestedAt: begunAt, late: false };
  const [at, graceUntil] = [new Date(deadline.at), new Date(deadline.graceUntil)];
  if (begunAt < at && (now < at || now < graceUntil)) return { requestedAt: begunAt, late: false };
  const requestedAt = begunAt < at ? now : begunAt;
  if (deadline.lateUntil) {
    const end = new Date(deadline.lateUntil);
    if (requestedAt < end && now < after(end, terms.policy.graceMinutes)) return { requestedAt, late: true };
  }
  const whose = deadline.extended ? 'For you it' : `"${terms.title}"`;
  const late = deadline.lateUntil ? ` and took late submissions until ${text(deadline.lateUntil)}` : '';
  return { because: 'closed', reason: `${whose} closed at ${text(deadline.at)}${late}.`, from: null };
}

/** What stops staff too. */
export function standingStill({ title, archived, paused }: Pick<Terms, 'title' | 'archived' | 'paused'>): Refusal | null {
  if (archived) return { because: 'archived', reason: `"${title}" is archived: it can be read, and takes nothing any more.`, from: null };
  if (paused) {
    const why = paused.reason ? `: ${paused.reason}` : '.';
    return { because: 'paused', reason: `"${title}" takes nothing at the moment${why}`, from: null };
  }
  return null;
}

/** Whoever knows a seed knows the images: from then on no student submits. */
export function seedKnown({ title, phases }: Pick<Terms, 'title' | 'phases'>): Refusal | null {
  if (!phases.some(({ revealed }) => revealed)) return null;
  return { because: 'closed', reason: `The secret images of "${title}" have been published, so it takes nothing any more.`, from: null };
}
