// What staff and students of a simulated class said to each other: announcements, notes, requests, decisions.
import { and, desc, eq, inArray } from 'drizzle-orm';
import { database } from '../../../lib/db/client.ts';
import { announcements, evaluations, members, reevaluations, regradeRequests, staffNotes, submissions } from '../../../lib/db/schema.ts';
import { protocols } from '../../../lib/evaluation/protocols.ts';
import type { Place } from './store.ts';

/** The same for any class: some forty rows, made from its newest submissions. */
export async function talk({ challengeId, phaseId, protocol }: Place, authorId: string): Promise<void> {
  const newest = await database()
    .select({ id: submissions.id, userId: submissions.userId })
    .from(submissions)
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), eq(evaluations.phaseId, phaseId)))
    .where(and(eq(submissions.challengeId, challengeId), eq(submissions.baseline, false), eq(evaluations.status, 'finished')))
    .orderBy(desc(submissions.createdAt))
    .limit(40);
  if (newest.length === 0) return;
  await database().insert(announcements).values([
    { challengeId, authorId, title: 'Welcome', body: 'Read the **rules** first, then submit the baseline notebook.' },
    { challengeId, authorId, title: 'Office hours moved', body: 'Thursday at 10:00, room 2.14.' },
  ]);
  await database().insert(regradeRequests).values(
    newest.slice(0, 15).map(({ id: submissionId, userId }, i) => {
      const asked = { submissionId, userId, message: 'The robust accuracy is far below what I measure on my machine.' };
      const answered = { status: 'declined' as const, answer: 'Your attack stops after ten steps.', answeredBy: authorId, answeredAt: new Date() };
      return i < 9 ? asked : { ...asked, ...answered };
    }),
  );
  const noted = newest.slice(15, 27).map(({ id: submissionId, userId }) => ({ challengeId, userId, submissionId, authorId, body: 'Asked in the exercise how the ensemble works.' }));
  if (noted.length > 0) await database().insert(staffNotes).values(noted);
  const thoughtBetter = { status: 'cancelled' as const, createdBy: authorId, decidedAt: new Date() };
  await database().insert(reevaluations).values({ phaseId, reason: 'Square asked once too often.', protocol: protocols[protocol], ...thoughtBetter });
  const out = newest.slice(27, 29).map(({ id }) => id);
  if (out.length > 0) {
    const reason = 'Trained on the test images.';
    await database().update(submissions).set({ disqualifiedAt: new Date(), disqualifiedReason: reason }).where(inArray(submissions.id, out));
  }
  const extended = newest.slice(30, 34).map(({ userId }) => userId);
  if (extended.length > 0) {
    const until = new Date(Date.now() + 5 * 24 * 3600 * 1000);
    await database().update(members).set({ extendedUntil: until, extraSuccesses: 5 })
      .where(and(eq(members.challengeId, challengeId), inArray(members.userId, extended)));
  }
}
