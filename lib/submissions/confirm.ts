// The owner's yes: a draft becomes a submission with its evaluation and queue jobs, in one transaction.
import { and, eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { takePart } from '../challenges/take-part.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges, drafts, evaluations, submissions } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Report } from '../evaluation/report.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { policiesOf } from '../evaluation/trial-id.ts';
import { limits } from '../limits.ts';
import { idOf, signedIn } from './access.ts';
import { allowance, errorOf } from './allowance.ts';
import { enter, type Entered } from './enter.ts';
import { lockOwner, ownerOf } from './quota.ts';

/**
 * `declaredTta`: the label of the TTA policy whose results are to make the ranked columns; none for the bare model. `comment`: up to
 * 1000 characters, for the student, their team and the staff.
 */
export type Confirmation = { name: string; declaredTta?: string | null; comment?: string | null };

/**
 * Submits a draft under a name of 1 to 100 characters. Confirming it again gives the same submission.
 * Throws RequestError 401, 400 (name, comment, policy), 403 (not let in, dates), 404 (draft), 409 (refused draft), 429 (quotas).
 */
export async function confirmDraft(
  viewer: Viewer | null, draftId: string, { name, declaredTta = null, comment = null }: Confirmation, now: Date = new Date(),
): Promise<Entered> {
  const me = signedIn(viewer);
  const id = idOf(draftId, 'draft');
  const title = nameOf(name);
  const remark = commentOf(comment);
  const slug = await challengeOf(id, me.id);
  if (!slug) return database().transaction((tx) => alreadyEntered(tx, id, me.id));
  // Whoever has left since the upload takes part anew, where anybody may. Read before the transaction, which must not wait for a second
  // connection while others that hold one wait for it.
  const { challenge, standing } = await takePart(me, slug);
  checkPolicy(challenge.protocol, declaredTta);
  return database().transaction(async (tx) => {
    const owner = await ownerOf(tx, challenge.id, me.id);
    // One confirmation of a student or team at a time: quotas hold, and a double click finds the first one's result.
    await lockOwner(tx, owner);
    const [draft] = await tx.select().from(drafts).where(and(eq(drafts.id, id), eq(drafts.userId, me.id)));
    if (!draft || draft.expiresAt <= now) return alreadyEntered(tx, id, me.id);
    if (draft.problem) throw new RequestError(409, `This upload cannot be submitted: ${draft.problem.found} ${draft.problem.fix}`);
    const { refusal, requestedAt, late, tier } = await allowance(me, challenge, now, { begunAt: draft.begunAt, reader: tx, standing });
    if (refusal) throw errorOf(refusal);
    const entered = await enter(tx, {
      challenge, userId: me.id, teamId: owner.team?.id ?? null, name: title, comment: remark, files: draft.files, modelSha256: draft.modelSha256!,
      report: draft.report as Report, draftId: id, declaredTta, requestedAt: new Date(requestedAt), late, createdAt: now, tier,
    });
    await tx.delete(drafts).where(eq(drafts.id, id));
    return entered;
  });
}

/** The challenge of somebody's draft, while there is one. */
async function challengeOf(draftId: string, userId: string): Promise<string | undefined> {
  const [row] = await database().select({ slug: challenges.slug }).from(drafts).innerJoin(challenges, eq(challenges.id, drafts.challengeId))
    .where(and(eq(drafts.id, draftId), eq(drafts.userId, userId)));
  return row?.slug;
}

/** What became of a draft that is gone. Throws RequestError 404 when nothing did. */
async function alreadyEntered(tx: Transaction, draftId: string, userId: string): Promise<Entered> {
  const [row] = await tx
    .select({ submissionId: submissions.id, evaluationId: evaluations.id })
    .from(submissions)
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), evaluations.current))
    .where(and(eq(submissions.draftId, draftId), eq(submissions.userId, userId)))
    .orderBy(evaluations.createdAt)
    .limit(1);
  if (row) return row;
  throw new RequestError(404, `There is no such draft of yours. Drafts expire after ${limits.draftHours} hours: upload again.`);
}

function nameOf(name: string): string {
  const trimmed = name.trim();
  if (trimmed.length < 1 || trimmed.length > 100) {
    throw new RequestError(400, `A submission's name has 1 to 100 characters; this one has ${trimmed.length}.`);
  }
  return trimmed;
}

function commentOf(comment: string | null): string | null {
  const trimmed = comment?.trim() || null;
  if (trimmed && trimmed.length > 1000) throw new RequestError(400, `A comment has at most 1000 characters; this one has ${trimmed.length}.`);
  return trimmed;
}

function checkPolicy(protocol: Protocol, declared: string | null): void {
  const measured = policiesOf(protocol);
  if (declared === null || measured.includes(declared)) return;
  const allowed = measured.length > 0 ? `null or one of ${measured.join(', ')}` : 'null: this challenge measures none';
  throw new RequestError(400, `"${declared}" is no test-time augmentation policy of this challenge; declaredTta is ${allowed}.`);
}
