// Sets the time until which a challenge takes submissions; now, to close it.
import { and, eq, isNotNull } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { challenges, phases } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { getChallenge, type ChallengeView } from './challenges.ts';
import { holding } from './change.ts';
import { admitted } from './standing.ts';
import { momentOf } from './zoned.ts';

/**
 * Moves the deadline; null takes it away. Throws as changeChallenge; RequestError 400 (not after the opening), and 409 once a seed
 * has been revealed: whoever knows it must not submit any more.
 */
export async function setDeadline(viewer: Viewer | null, slug: string, closesAt: Date | null): Promise<ChallengeView> {
  await holding(viewer, slug, async (tx, { id, opensAt }) => {
    if (closesAt && closesAt <= opensAt) {
      throw new RequestError(400, `A challenge closes after it opens, which is at ${opensAt.toISOString()} (UTC).`);
    }
    const revealed = await tx.$count(phases, and(eq(phases.challengeId, id), isNotNull(phases.revealedAt)));
    if (revealed > 0) throw new RequestError(409, 'A seed of this challenge has been revealed, so it stays closed.');
    await tx.update(challenges).set({ closesAt }).where(eq(challenges.id, id));
    await record(tx, viewer!, 'challenge.deadline', { challengeId: id, subject: slug, detail: { closesAt } });
  });
  return getChallenge(slug);
}

/** The same by the clocks of the challenge's zone, `2027-01-31T23:59`; empty takes the deadline away. */
export async function setDeadlineAt(viewer: Viewer | null, slug: string, wallClock: string): Promise<ChallengeView> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  return setDeadline(viewer, slug, wallClock.trim() === '' ? null : momentOf(wallClock, challenge.timeZone, 'second'));
}
