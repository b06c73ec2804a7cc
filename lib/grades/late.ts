// How late a submission is, for a grade.

type Dates = { closesAt: string | null };

/** The deadline that holds for a member: the challenge's, or their own later one; null without any. */
export function deadlineOf({ closesAt }: Dates, { extendedUntil }: { extendedUntil: Date | null }): Date | null {
  if (closesAt === null) return null;
  const common = new Date(closesAt);
  return extendedUntil && extendedUntil > common ? extendedUntil : common;
}

/** Begun days of 24 hours after the deadline; 0 in time. */
export function daysLate(at: Date, deadline: Date | null): number {
  return deadline ? Math.max(0, Math.ceil((at.getTime() - deadline.getTime()) / 86_400_000)) : 0;
}
