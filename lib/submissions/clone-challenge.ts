// Next year's challenge from this year's: its words, rules and baselines under fresh seeds, and none of its people or their work.
import { eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { getChallenge, insertChallenge, type ChallengeView } from '../challenges/challenges.ts';
import { aboutSchema, checked, momentsOf, slugSchema, type Dates } from '../challenges/details.ts';
import { newJoinCode } from '../challenges/join-code.ts';
import { checkAhead, opener } from '../challenges/open.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { challenges } from '../db/schema.ts';
import { copyBaselines } from './baselines.ts';

/** What a clone has of its own; dates are wall-clock times of its zone. */
export type Cloning = Dates & { slug: string; title: string };

/**
 * The clone, run by whoever made it. Archived challenges can be cloned. Throws RequestError 401, 403 (unless an instructor of the
 * challenge who may open others), 404 (challenge), 400, and 409 on a taken slug.
 */
export async function cloneChallenge(viewer: Viewer | null, slug: string, given: Cloning): Promise<ChallengeView> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  const instructor = opener(viewer);
  const own = checked(slugSchema, given.slug);
  const moments = momentsOf(given);
  checkAhead(moments.closesAt);
  await database().transaction(async (tx) => {
    const [source] = await tx.select().from(challenges).where(eq(challenges.id, challenge.id));
    const { description, rules, visibility, gradingRule } = source;
    const { protocol, primaryMetric, policy } = challenge;
    const about = checked(aboutSchema, { title: given.title, description, rules, visibility });
    const joinCode = source.joinCode && newJoinCode();
    const id = await insertChallenge(tx, {
      ...about, ...moments, protocol, primaryMetric, policy, gradingRule, joinCode, slug: own, instructorId: instructor.id,
    });
    const baselines = await copyBaselines(tx, source.id, { id }, instructor.id);
    await record(tx, instructor, 'challenge.clone', {
      challengeId: id, subject: own, detail: { from: slug, baselines, protocol: protocol.name, primaryMetric, ...moments },
    });
  });
  return getChallenge(own);
}
