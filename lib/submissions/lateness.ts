// The deadline that holds for a student, and how many days something came after it. Pure.

const dayMilliseconds = 24 * 3_600_000;

/** The challenge's deadline, or the student's own where that is later. Null where there is none: an extension of nothing is nothing. */
export function deadlineFor(closesAt: Date | null, extendedUntil: Date | null): Date | null {
  if (!closesAt || !extendedUntil) return closesAt;
  return extendedUntil > closesAt ? extendedUntil : closesAt;
}

/**
 * Begun days of lateness, each of 24 hours: 0 for what was requested before the deadline, 1 from the deadline itself on.
 * `deadline` is that of `deadlineFor`.
 */
export function daysLate(requestedAt: Date, deadline: Date | null): number {
  if (!deadline || requestedAt < deadline) return 0;
  return Math.floor((requestedAt.getTime() - deadline.getTime()) / dayMilliseconds) + 1;
}
