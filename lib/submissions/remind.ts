// Tells every student of a challenge a day before the deadline that holds for them. A worker started with --notifications calls it.
import { and, eq, exists, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { challenges, evaluations, members, phases, submissions } from '../db/schema.ts';
import { notify } from '../notifications/notify.ts';
import { deadlineFor } from './lateness.ts';

const hoursBefore = 24;

/**
 * Notes a reminder for whoever's own deadline is less than a day away, with whether a submission of theirs (or their team's) has
 * been evaluated. Of one deadline a student hears once, however often this runs; of a moved one again. Returns how many were due.
 */
export async function remindOfDeadlines(now: Date = new Date()): Promise<number> {
  const horizon = new Date(now.getTime() + hoursBefore * 3_600_000);
  const deadline = sql`greatest(${challenges.closesAt}, ${members.extendedUntil})`;
  const at = (moment: Date) => sql`${moment.toISOString()}::timestamptz`;
  const due = await database()
    .select({ userId: members.userId, extendedUntil: members.extendedUntil, challenge: challenges, submitted: submitted() })
    .from(members)
    .innerJoin(challenges, eq(challenges.id, members.challengeId))
    .where(
      and(
        eq(members.role, 'student'),
        isNull(challenges.archivedAt),
        isNotNull(challenges.closesAt),
        lte(challenges.opensAt, now),
        gt(deadline, at(now)),
        lte(deadline, at(horizon)),
      ),
    );
  await database().transaction(async (tx) => {
    for (const { userId, extendedUntil, challenge: { id, slug, title, timeZone, closesAt }, submitted: done } of due) {
      const own = deadlineFor(closesAt, extendedUntil)!.toISOString();
      const payload = { challenge: { slug, title }, deadline: own, timeZone, submitted: done };
      await notify(tx, 'deadline-near', { users: [userId], subjectId: `${id} ${own}`, payload });
    }
  });
  return due.length;
}

function submitted() {
  const theirs = or(eq(submissions.userId, members.userId), eq(submissions.teamId, members.teamId));
  const finished = database()
    .select({ id: submissions.id })
    .from(submissions)
    .innerJoin(evaluations, eq(evaluations.submissionId, submissions.id))
    .innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .where(and(
      eq(submissions.challengeId, members.challengeId), theirs, isNull(submissions.disqualifiedAt),
      eq(phases.kind, 'public'), eq(evaluations.current, true), eq(evaluations.status, 'finished'),
    ));
  return sql<boolean>`${exists(finished)}`;
}
