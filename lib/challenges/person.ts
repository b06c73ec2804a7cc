// One member of a challenge: to the staff everything the challenge knows of them, to themselves what is theirs.
import { and, eq, isNull } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { members, rosterPlaces, submissions, teams, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { idOf, type MemberRole } from './member-row.ts';
import { admitted, type Admitted } from './standing.ts';

/** Times are ISO 8601. */
export type Membership = {
  userId: string;
  /** Of the account. */
  name: string;
  email: string;
  /** Whether the address was proved to be theirs. */
  emailVerified: boolean;
  role: MemberRole;
  pseudonym: string | null;
  team: { id: string; name: string } | null;
  /** Their place on the roster. */
  place: { id: string; email: string; name: string; studentNumber: string | null; section: string | null } | null;
  /** Whether the roster has a place that nobody has claimed. */
  placesLeft: boolean;
  extendedUntil: string | null;
  extraSuccesses: number;
  joinedAt: string;
  submissions: number;
};

/** A member, for the staff. Throws RequestError 401, 403 and 404 (challenge, member). */
export async function findMember(viewer: Viewer | null, slug: string, userId: string): Promise<Admitted & { member: Membership }> {
  const found = await admitted(viewer, slug, 'assistant');
  const member = await membershipOf(found.challenge.id, idOf(userId, 'member'));
  if (!member) throw new RequestError(404, 'There is no such member in this challenge.');
  return { ...found, member };
}

/** What the viewer is in a challenge; null for who is no member, an administrator too. Throws RequestError 401, 403 and 404. */
export async function ownMembership(viewer: Viewer | null, slug: string): Promise<Membership | null> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  const { challenge } = await admitted(viewer, slug);
  return membershipOf(challenge.id, viewer.id);
}

async function membershipOf(challengeId: string, userId: string): Promise<Membership | null> {
  const [row] = await database()
    .select({ member: members, name: users.name, email: users.email, verifiedAt: users.emailVerifiedAt, team: teams, place: rosterPlaces })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(teams, eq(teams.id, members.teamId))
    .leftJoin(rosterPlaces, and(eq(rosterPlaces.challengeId, members.challengeId), eq(rosterPlaces.claimedBy, members.userId)))
    .where(and(eq(members.challengeId, challengeId), eq(members.userId, userId)));
  if (!row) return null;
  const { member: { role, pseudonym, extendedUntil, extraSuccesses, joinedAt }, name, email, verifiedAt, team, place } = row;
  const free = and(eq(rosterPlaces.challengeId, challengeId), isNull(rosterPlaces.claimedBy));
  const own = and(eq(submissions.challengeId, challengeId), eq(submissions.userId, userId), eq(submissions.baseline, false));
  return {
    userId, name, email, emailVerified: verifiedAt !== null, role, pseudonym,
    team: team && { id: team.id, name: team.name },
    place: place && { id: place.id, email: place.email, name: place.name, studentNumber: place.studentNumber, section: place.section },
    placesLeft: (await database().$count(rosterPlaces, free)) > 0,
    extendedUntil: extendedUntil?.toISOString() ?? null,
    extraSuccesses,
    joinedAt: joinedAt.toISOString(),
    submissions: await database().$count(submissions, own),
  };
}
