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

async function mayReadOthers(viewer: Viewer | null, { challengeId, baseline, teamId }: Owned): Promise<boolean> {
  const standing = await standingIn(viewer, challengeId);
  if (atLeast(standing, 'assistant')) return true;
  if (baseline) {
    const [challenge] = await database().select({ visibility: challenges.visibility }).from(challenges).where(eq(challenges.id, challengeId));
    return challenge.visibility === 'public' || atLeast(standing, 'student');
  }
  if (!viewer || !teamId) return false;
  const mate = and(eq(members.challengeId, challengeId), eq(members.userId, viewer.id), eq(members.teamId, teamId));
  return (await database().$count(members, mate)) > 0;
}
