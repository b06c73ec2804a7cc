// The owner's yes: a draft becomes a submission with its evaluation and queue jobs, in one transaction.
import { and, count, eq, inArray } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { challengeState } from '../challenges/state.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges, drafts, evaluations, phases, submissions, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { policiesOf } from '../evaluation/trial-id.ts';
import { limits } from '../limits.ts';
import { idOf, signedIn } from './access.ts';
import { enter, type Entered } from './enter.ts';

/** `declaredTta`: the label of the TTA policy whose results are to make the ranked columns; none for the bare model. */
export type Confirmation = { name: string; declaredTta?: string | null };

/**
 * Submits a draft under a name of 1 to 100 characters. Confirming it again gives the same submission.
 * Throws RequestError 401, 400 (name, policy), 403 (challenge not open), 404 (draft), 409 (refused draft), 429 (too many pending).
 */
export async function confirmDraft(viewer: Viewer | null, draftId: string, { name, declaredTta = null }: Confirmation): Promise<Entered> {
  const { id: userId } = signedIn(viewer);
  const id = idOf(draftId, 'draft');
  const title = nameOf(name);
  return database().transaction(async (tx) => {
    // One confirmation of a person at a time: the pending limit holds, and a double click finds the first one's result.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update');
    const earlier = await enteredFrom(tx, id, userId);
    if (earlier) return earlier;
    const [found] = await tx.select().from(drafts).innerJoin(challenges, eq(challenges.id, drafts.challengeId))
      .where(and(eq(drafts.id, id), eq(drafts.userId, userId)));
    if (!found || found.drafts.expiresAt <= new Date()) {
      throw new RequestError(404, `There is no such draft of yours. Drafts expire after ${limits.draftHours} hours: upload again.`);
    }
    const { drafts: draft, challenges: challenge } = found;
    if (draft.problem) throw new RequestError(409, `This upload cannot be submitted: ${draft.problem.found} ${draft.problem.fix}`);
    checkOpen(challenge);
    checkPolicy(challenge.protocol as Protocol, declaredTta);
    await checkPending(tx, userId);
    const entered = await enter(tx, {
      challenge, userId, name: title, files: draft.files, modelSha256: draft.modelSha256!, report: draft.report as Report, draftId: id,
      declaredTta,
    });
    await tx.delete(drafts).where(eq(drafts.id, id));
    return entered;
  });
}

function nameOf(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length < 1 || trimmed.length > 100) {
    throw new RequestError(400, `A submission's name has 1 to 100 characters; this one has ${trimmed.length}.`);
  }
  return trimmed;
}

function checkPolicy(protocol: Protocol, declared: string | null): void {
  const measured = policiesOf(protocol);
  if (declared === null || measured.includes(declared)) return;
  const allowed = measured.length > 0 ? `null or one of ${measured.join(', ')}` : 'null: this challenge measures none';
  throw new RequestError(400, `"${declared}" is no test-time augmentation policy of this challenge; declaredTta is ${allowed}.`);
}

async function enteredFrom(tx: Transaction, draftId: string, userId: string): Promise<Entered | undefined> {
  const [row] = await tx
    .select({ submissionId: submissions.id, evaluationId: evaluations.id })
    .from(submissions)
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), evaluations.current))
    .where(and(eq(submissions.draftId, draftId), eq(submissions.userId, userId)))
    .orderBy(evaluations.createdAt)
    .limit(1);
  return row;
}

function checkOpen(challenge: typeof challenges.$inferSelect): void {
  const state = challengeState(challenge);
  if (state === 'upcoming') throw new RequestError(403, `"${challenge.title}" opens at ${challenge.opensAt.toISOString()} (UTC).`);
  if (state === 'closed') throw new RequestError(403, `"${challenge.title}" closed at ${challenge.closesAt!.toISOString()} (UTC).`);
}

async function checkPending(tx: Transaction, userId: string): Promise<void> {
  const [{ pending }] = await tx
    .select({ pending: count() })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(phases, and(eq(phases.id, evaluations.phaseId), eq(phases.kind, 'public')))
    .where(and(eq(submissions.userId, userId), eq(submissions.baseline, false), inArray(evaluations.status, ['queued', 'running'])));
  const most = limits.pendingSubmissionsPerStudent;
  if (pending >= most) {
    throw new RequestError(429, `You have ${pending} submissions under evaluation, and at most ${most} may be. Wait until one is done.`);
  }
}
