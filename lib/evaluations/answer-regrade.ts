// Staff answer a regrade request, and may have the submission run again with it.
import { eq, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { requireStanding, standingIn } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { challenges, regradeRequests, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { idOf } from '../submissions/access.ts';
import { startWithin } from './reevaluate.ts';
import { tellAnswered } from './tell.ts';

/** `answer` has 1 to 2000 characters and is shown to the student. `runAgain` is for instructors, with a request that is accepted. */
export type RegradeAnswer = { accept: boolean; answer: string; runAgain?: boolean };

const longest = 2000;

/**
 * Answers once, in one transaction with the re-evaluation it starts. Returns that one's id. Throws RequestError 401, 404 (also to
 * whoever is not of the challenge's staff), 403 (an assistant who would run it again), 400 (answer), 409 (answered or archived).
 */
export async function answerRegrade(viewer: Viewer | null, requestId: string, given: RegradeAnswer): Promise<string | null> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  const id = idOf(requestId, 'regrade request');
  const answer = given.answer.trim();
  return database().transaction(async (tx) => {
    const [found] = await tx
      .select({ submissionId: submissions.id, challenge: challenges })
      .from(regradeRequests)
      .innerJoin(submissions, eq(submissions.id, regradeRequests.submissionId))
      .innerJoin(challenges, eq(challenges.id, submissions.challengeId))
      .where(eq(regradeRequests.id, id))
      .for('update', { of: challenges });
    const standing = found ? await standingIn(viewer, found.challenge.id) : 'visitor';
    if (!found || standing === 'visitor' || standing === 'student') throw new RequestError(404, 'There is no such regrade request.');
    const { submissionId, challenge } = found;
    if (given.runAgain) requireStanding(viewer, challenge, standing, 'instructor');
    if (challenge.archivedAt) throw new RequestError(409, `"${challenge.title}" is archived. Take it out of the archive to answer.`);
    if (answer.length < 1 || answer.length > longest) {
      throw new RequestError(400, `Answer in 1 to ${longest} characters, for the student to read; these are ${answer.length}.`);
    }
    if (given.runAgain && !given.accept) throw new RequestError(400, 'A declined request runs nothing again. Accept it, or leave the box empty.');

    const [request] = await tx.select().from(regradeRequests).where(eq(regradeRequests.id, id)).for('update');
    if (request.status !== 'open') throw new RequestError(409, `This request was ${request.status} already.`);
    const status = given.accept ? ('accepted' as const) : ('declined' as const);
    await tx.update(regradeRequests).set({ status, answer, answeredBy: viewer.id, answeredAt: sql`now()` }).where(eq(regradeRequests.id, id));
    await record(tx, viewer, 'regrade.answer', { challengeId: challenge.id, subject: submissionId, detail: { status } });
    await tellAnswered(tx, request, { accepted: given.accept, answer });
    if (!given.runAgain) return null;
    return (await startWithin(tx, viewer, challenge, { phase: 'public', which: [submissionId], reason: 'A regrade request was accepted.' })).id;
  });
}
