// Joining a challenge: by a button where anybody may, else by its code, by a place on its roster, or by a place's one-time code.
import { eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges, members } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { throttle } from '../requests/throttle.ts';
import { findChallenge, type ChallengeView } from './challenges.ts';
import { claimByCode, claimPlaces } from './claim.ts';
import { plainCode } from './place-code.ts';
import { standingIn, type Standing } from './standing.ts';

/** What somebody signed in may know of a challenge before they are let in. */
export type Door = Pick<ChallengeView, 'slug' | 'title' | 'description' | 'visibility' | 'archived'> & { standing: Standing };

/** The door of a challenge. Throws RequestError 401 and 404. */
export async function doorOf(viewer: Viewer | null, slug: string): Promise<Door> {
  const challenge = await findChallenge(slug);
  if (!challenge) throw new RequestError(404, `There is no challenge named "${slug}".`);
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  const { title, description, visibility, archived, id } = challenge;
  return { slug, title, description, visibility, archived, standing: await standingIn(viewer, id) };
}

const guesses = throttle({ name: 'join', most: 10, seconds: 15 * 60 });

/**
 * Makes the viewer a student of a challenge, and gives them the place on its roster that is theirs; who is a member stays
 * what they are. `code` is the challenge's or that of a place. Throws RequestError 401, 404, 403 (code wrong or missing),
 * 409 (archived; place of somebody else), and 429 after ten wrong codes within a quarter of an hour.
 */
export async function joinChallenge(viewer: Viewer | null, slug: string, code = ''): Promise<void> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  const challenge = await findChallenge(slug);
  if (!challenge) throw new RequestError(404, `There is no challenge named "${slug}".`);
  if (challenge.archived) throw new RequestError(409, `"${challenge.title}" is archived: nobody joins it any more.`);
  const given = plainCode(code);
  if (given && !(await guesses.attempt(viewer.id))) {
    throw new RequestError(429, 'That were ten codes that fit nothing. Ask your instructor for the right one, and try again in a quarter of an hour.');
  }
  const letIn = await database().transaction((tx) => enterBy(tx, challenge, viewer.id, given));
  if (letIn) return given ? guesses.forgive(viewer.id) : undefined;
  if (!given) throw new RequestError(403, `"${challenge.title}" is for its members. Join it with the code that your instructor gave you.`);
  throw new RequestError(403, 'This code fits nothing here. It may have been used already, or replaced by a newer one: ask your instructor.');
}

async function enterBy(tx: Transaction, { id, visibility }: ChallengeView, userId: string, given: string): Promise<boolean> {
  const claimed = await claimPlaces(tx, userId);
  const [{ joinCode }] = await tx.select({ joinCode: challenges.joinCode }).from(challenges).where(eq(challenges.id, id));
  const byPlace = claimed.some(({ challengeId }) => challengeId === id);
  const byCode = joinCode !== null && plainCode(joinCode) === given;
  if (byPlace || byCode || (given === '' && visibility === 'public')) {
    await tx.insert(members).values({ challengeId: id, userId }).onConflictDoNothing();
    return true;
  }
  return given !== '' && claimByCode(tx, id, userId, given);
}
