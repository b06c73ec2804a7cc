// A later deadline and a larger quota for one student: stored here, read by the one function that decides who may submit.
import { and, eq, isNotNull } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { phases } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { lockChallenge, lockMember, updateMember } from './member-row.ts';
import { admitted } from './standing.ts';

/** Most successes a day that can be added for one student. */
export const mostExtraSuccesses = 1000;

/**
 * Gives a member a deadline of their own, later than the challenge's; null takes it away. Throws RequestError 401, 403,
 * 404 (challenge, member), 400 (no later than the deadline), and 409 without a deadline or once a seed is known.
 */
export async function setExtension(viewer: Viewer | null, slug: string, userId: string, until: Date | null): Promise<void> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  await database().transaction(async (tx) => {
    // Held until the end, so that no seed is revealed meanwhile and the deadline stays.
    const { closesAt } = await lockChallenge(tx, id);
    const member = await lockMember(tx, id, userId);
    if (until) {
      if (!closesAt) throw new RequestError(409, 'This challenge has no deadline, so there is nothing to extend.');
      if (until <= closesAt) throw new RequestError(400, `An extension ends after the deadline, which is at ${closesAt.toISOString()} (UTC).`);
      const revealed = await tx.$count(phases, and(eq(phases.challengeId, id), isNotNull(phases.revealedAt)));
      if (revealed > 0) throw new RequestError(409, 'A seed of this challenge has been revealed: nobody submits any more.');
    }
    await updateMember(tx, member, { extendedUntil: until });
    await record(tx, viewer!, 'member.extension', { challengeId: id, subject: userId, detail: { from: member.extendedUntil, to: until } });
  });
}

/** Adds to a member's quota of successes a day; 0 adds nothing. Throws RequestError 401, 403, 404, and 400 outside 0 to 1000. */
export async function setExtraSuccesses(viewer: Viewer | null, slug: string, userId: string, extra: number): Promise<void> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  if (!Number.isInteger(extra) || extra < 0 || extra > mostExtraSuccesses) {
    throw new RequestError(400, `Extra successes a day are a whole number from 0 to ${mostExtraSuccesses}.`);
  }
  await database().transaction(async (tx) => {
    const member = await lockMember(tx, id, userId);
    await updateMember(tx, member, { extraSuccesses: extra });
    await record(tx, viewer!, 'member.quota', { challengeId: id, subject: userId, detail: { from: member.extraSuccesses, to: extra } });
  });
}
