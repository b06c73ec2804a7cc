// Who may touch a submission: the checks that every verb of this folder begins with.
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Viewer } from '../auth/viewer.ts';
import { atLeast, standingIn } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { challenges, members } from '../db/schema.ts';
import { RequestError } from '../errors.ts';

/** The viewer, when there is one. Throws RequestError 401 otherwise. */
export function signedIn(viewer: Viewer | null): Viewer {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  return viewer;
}

/** An id as the database takes it. What is no UUID names nothing: RequestError 404. */
export function idOf(text: string, what: string): string {
  const id = z.uuid().safeParse(text);
  if (!id.success) throw new RequestError(404, `There is no ${what} "${text.slice(0, 100)}".`);
  return id.data;
}

type Owned = { userId: string; challengeId: string; baseline?: boolean; teamId?: string | null };

/**
 * Owners and their team see their own, a challenge's staff everybody's, whoever may read the challenge its baselines; for
 * everybody else it does not exist: RequestError 404.
 */
export async function mayRead(viewer: Viewer | null, owned: Owned | undefined, what: string): Promise<void> {
  if (owned && (viewer?.id === owned.userId || (await mayReadOthers(viewer, owned)))) return;
  throw new RequestError(404, `There is no ${what} of yours here. It may have expired, or belong to someone else.`);
}

/**
 * Who may act on a submission: its student and their team (`own`), and an instructor by office. RequestError 401 and 403 for everybody else.
 * For one that the viewer may read.
 */
export async function mayAct(viewer: Viewer | null, owned: Owned): Promise<'own' | 'office'> {
  const relation = await relationTo(signedIn(viewer), owned);
  if (relation) return relation;
  throw new RequestError(403, 'Only its student, their team and an instructor of the challenge may do this.');
}

/** As mayAct; null for everybody else. */
export async function relationTo(viewer: Viewer | null, owned: Owned): Promise<'own' | 'office' | null> {
  if (!viewer) return null;
  if (!owned.baseline && (viewer.id === owned.userId || (await isMate(viewer, owned)))) return 'own';
  return atLeast(await standingIn(viewer, owned.challengeId), 'instructor') ? 'office' : null;
}

async function isMate(viewer: Viewer, { challengeId, teamId }: Owned): Promise<boolean> {
  if (!teamId) return false;
  const mate = and(eq(members.challengeId, challengeId), eq(members.userId, viewer.id), eq(members.teamId, teamId));
  return (await database().$count(members, mate)) > 0;
}

async function mayReadOthers(viewer: Viewer | null, owned: Owned): Promise<boolean> {
  const { challengeId, baseline } = owned;
  const standing = await standingIn(viewer, challengeId);
  if (atLeast(standing, 'assistant')) return true;
  if (baseline) {
    const [challenge] = await database().select({ visibility: challenges.visibility }).from(challenges).where(eq(challenges.id, challengeId));
    return challenge.visibility === 'public' || atLeast(standing, 'student');
  }
  return viewer !== null && isMate(viewer, owned);
}
