// What somebody is in a challenge: the one answer by which every verb decides who may do what.
import { and, eq, inArray } from 'drizzle-orm';
import { cache } from 'react';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { members } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { getChallenge, type ChallengeView } from './challenges.ts';

/**
 * From the least to the most rights. A visitor is whoever has not joined, signed in or not. A student submits; an assistant reads
 * everybody's work, writes notes and answers requests; an instructor changes the challenge and decides; an administrator is
 * an instructor everywhere.
 */
export const standings = ['visitor', 'student', 'assistant', 'instructor', 'administrator'] as const;
export type Standing = (typeof standings)[number];

/** Whether a standing has the rights of another. */
export function atLeast(standing: Standing, least: Standing): boolean {
  return standings.indexOf(standing) >= standings.indexOf(least);
}

/** The viewer's standing in a challenge; staff who look at the site as a student are students. Asked once while a page is rendered. */
export const standingIn = cache(async (viewer: Viewer | null, challengeId: string): Promise<Standing> => {
  if (!viewer) return 'visitor';
  if (viewer.role === 'administrator') return viewer.asStudent ? 'student' : 'administrator';
  const [member] = await database()
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.challengeId, challengeId), eq(members.userId, viewer.id)));
  if (!member) return 'visitor';
  return viewer.asStudent ? 'student' : member.role;
});

export type Admitted = { challenge: ChallengeView; standing: Standing };

/**
 * The challenge, to somebody who has at least a standing in it; to read one for its members only takes a student's.
 * Throws RequestError 404 (challenge), 401 for somebody not signed in, and 403 that says what is missing.
 */
export async function admitted(viewer: Viewer | null, slug: string, least: Standing = 'visitor'): Promise<Admitted> {
  const challenge = await getChallenge(slug);
  const standing = await standingIn(viewer, challenge.id);
  requireStanding(viewer, challenge, standing, least);
  return { challenge, standing };
}

/** The check of `admitted`, for what is at hand already. */
export function requireStanding(
  viewer: Viewer | null, challenge: Pick<ChallengeView, 'title' | 'visibility'>, standing: Standing, least: Standing,
): void {
  const needed = least === 'visitor' && challenge.visibility === 'members' ? 'student' : least;
  if (atLeast(standing, needed)) return;
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  if (needed === 'student') throw new RequestError(403, `"${challenge.title}" is for its members. Join it with the code that your instructor gave you.`);
  throw new RequestError(403, needed === 'assistant' ? `Only the staff of "${challenge.title}" may do this.` : `Only an instructor of "${challenge.title}" may do this.`);
}

/** Whether somebody is of the staff of any challenge, or may open one: who may watch the workers. */
export async function isStaff(viewer: Viewer | null): Promise<boolean> {
  if (!viewer || viewer.asStudent) return false;
  if (viewer.role !== 'student') return true;
  const staffing = and(eq(members.userId, viewer.id), inArray(members.role, ['assistant', 'instructor']));
  return (await database().$count(members, staffing)) > 0;
}
