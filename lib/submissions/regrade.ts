// Regrade requests: a student asks for another look at a submission of theirs, and reads the answer there.
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { admitted, atLeast, standingIn } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { regradeRequests, submissions, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { relationTo, signedIn } from './access.ts';
import { getSubmission, type Submission } from './read.ts';

/** Times are ISO 8601. */
export type RegradeView = {
  id: string;
  /** Who asked. */
  by: string;
  message: string;
  status: 'open' | 'accepted' | 'declined';
  answer: string | null;
  createdAt: string;
  answeredAt: string | null;
};

export type RegradeOfChallenge = RegradeView & { submissionId: string; submission: string };

export const longestMessage = 2000;

/**
 * Asks. For the submission's student and their team, one open request at a time. Throws RequestError 401, 404 (submission), 403
 * (somebody else's), 400 (message), 409 when one is open.
 */
export async function requestRegrade(viewer: Viewer | null, submissionId: string, text: string): Promise<void> {
  const { id: userId } = signedIn(viewer);
  const submission = await getSubmission(viewer, submissionId);
  if ((await relationTo(viewer, ownedOf(submission))) !== 'own') throw new RequestError(403, 'Only its student and their team ask for a regrade.');
  const message = text.trim();
  if (message.length < 1 || message.length > longestMessage) {
    throw new RequestError(400, `Say what should be looked at, in 1 to ${longestMessage} characters; these are ${message.length}.`);
  }
  await database().transaction(async (tx) => {
    // Held, so that of two requests at once one finds the other.
    await tx.select({ id: submissions.id }).from(submissions).where(eq(submissions.id, submission.id)).for('update');
    const open = await tx.$count(regradeRequests, and(eq(regradeRequests.submissionId, submission.id), eq(regradeRequests.status, 'open')));
    if (open > 0) throw new RequestError(409, 'A regrade request for this submission is open already. Wait for its answer.');
    await tx.insert(regradeRequests).values({ submissionId: submission.id, userId, message });
  });
}

const ownedOf = ({ userId, baseline, team, challenge }: Submission) => ({ userId, baseline, teamId: team?.id ?? null, challengeId: challenge.id });

export type OwnRegrades = { requests: RegradeView[]; mayAsk: boolean };

/** The requests for a submission, the newest first: to its student, their team and staff; to everybody else there are none. */
export async function regradesOf(viewer: Viewer | null, submission: Submission): Promise<OwnRegrades> {
  if (submission.baseline || !viewer) return { requests: [], mayAsk: false };
  const own = (await relationTo(viewer, ownedOf(submission))) === 'own';
  if (!own && !atLeast(await standingIn(viewer, submission.challenge.id), 'assistant')) return { requests: [], mayAsk: false };
  const rows = await select().where(eq(submissions.id, submission.id)).orderBy(desc(regradeRequests.createdAt));
  const requests = rows.map(viewOf);
  return { requests, mayAsk: own && requests.every(({ status }) => status !== 'open') };
}

/** All requests to a challenge, open ones first, the oldest of them on top. For its staff: throws RequestError 401, 403, 404. */
export async function listRegrades(viewer: Viewer | null, slug: string): Promise<RegradeOfChallenge[]> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const rows = await select()
    .where(eq(submissions.challengeId, challenge.id))
    .orderBy(sql`${regradeRequests.status} <> 'open'`, desc(regradeRequests.answeredAt), asc(regradeRequests.createdAt));
  return rows.map((row) => ({ ...viewOf(row), submissionId: row.submissionId, submission: row.submission }));
}

/** How many wait for an answer; for whoever shows it to staff. */
export async function openRegrades(challengeId: string): Promise<number> {
  const [row] = await database()
    .select({ open: sql<number>`count(*)::int` })
    .from(regradeRequests)
    .innerJoin(submissions, eq(submissions.id, regradeRequests.submissionId))
    .where(and(eq(submissions.challengeId, challengeId), eq(regradeRequests.status, 'open')));
  return row.open;
}

function select() {
  return database()
    .select({ request: regradeRequests, by: users.name, submissionId: submissions.id, submission: submissions.name })
    .from(regradeRequests)
    .innerJoin(submissions, eq(submissions.id, regradeRequests.submissionId))
    .innerJoin(users, eq(users.id, regradeRequests.userId));
}

function viewOf({ request, by }: Awaited<ReturnType<typeof select>>[number]): RegradeView {
  const { id, message, status, answer, createdAt, answeredAt } = request;
  return { id, by, message, status, answer, createdAt: createdAt.toISOString(), answeredAt: answeredAt?.toISOString() ?? null };
}
