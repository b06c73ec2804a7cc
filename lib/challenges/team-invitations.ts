// Coming into a team: its leader invites by e-mail address, and whoever is invited says yes or no. An instructor moves people.
import { and, eq, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { members, teamInvitations, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { notify } from '../notifications/notify.ts';
import { throttle } from '../requests/throttle.ts';
import { dropInvitations, idOf, lockMember, updateMember } from './member-row.ts';
import { admitted } from './standing.ts';
import { lockLedTeam, lockTeam, requireRoom, requireTeams } from './team-row.ts';
import { takeOut } from './teams.ts';

/** Of one team, unanswered. */
const mostInvitations = 20;
const guesses = throttle({ name: 'invite', most: 20, seconds: 15 * 60 });

/**
 * Invites a student of the challenge by the e-mail address of their account: never by a name on the board, which may be a pseudonym. Inviting
 * twice is once. Throws RequestError 401, 403 (not the leader), 404 (nobody of that address), 409 (no teams, closed, full, of this team), 429.
 */
export async function inviteToTeam(viewer: Viewer | null, slug: string, email: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  requireTeams(challenge);
  if (!(await guesses.attempt(viewer!.id))) throw new RequestError(429, 'That were many addresses of nobody here. Try again in a quarter of an hour.');
  await database().transaction(async (tx) => {
    const { team } = await lockLedTeam(tx, challenge.id, viewer!);
    await requireRoom(tx, team, challenge);
    const address = eq(sql`lower(${users.email})`, email.trim().toLowerCase());
    const [found] = await tx
      .select({ userId: members.userId, teamId: members.teamId })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.challengeId, challenge.id), eq(members.role, 'student'), address));
    if (!found) {
      throw new RequestError(404, 'No student of this challenge has an account with that e-mail address. Ask them which one they signed up with, and to join first.');
    }
    if (found.teamId === team.id) throw new RequestError(409, 'They are in your team already.');
    if ((await tx.$count(teamInvitations, eq(teamInvitations.teamId, team.id))) >= mostInvitations) {
      throw new RequestError(409, `Your team has ${mostInvitations} invitations open, which is the most. Take one back first.`);
    }
    await tx.insert(teamInvitations).values({ teamId: team.id, userId: found.userId }).onConflictDoNothing();
    const about = { challenge: { slug, title: challenge.title }, team: team.name, by: viewer!.name };
    await notify(tx, 'team-invitation', { users: [found.userId], subjectId: team.id, payload: about });
  });
  await guesses.forgive(viewer!.id);
}

/** Takes an invitation back. Throws RequestError 401, 403 (not the leader), 404 (no such invitation) and 409 (in no team). */
export async function withdrawInvitation(viewer: Viewer | null, slug: string, userId: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  await database().transaction(async (tx) => {
    const { team } = await lockLedTeam(tx, challenge.id, viewer!);
    const wanted = and(eq(teamInvitations.teamId, team.id), eq(teamInvitations.userId, idOf(userId, 'invitation')));
    const gone = await tx.delete(teamInvitations).where(wanted).returning();
    if (gone.length === 0) throw new RequestError(404, 'There is no such invitation; it may have been answered.');
  });
}

/**
 * Accepts an invitation. Throws RequestError 401, 403 (no member), 404 (no invitation of theirs), and 409 (no teams, closed, team full, in
 * a team already). Of several who accept at once only as many come in as there is room for.
 */
export async function acceptInvitation(viewer: Viewer | null, slug: string, teamId: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  requireTeams(challenge);
  await database().transaction(async (tx) => {
    const team = await lockTeam(tx, challenge.id, teamId);
    const me = await lockMember(tx, challenge.id, viewer!.id);
    const wanted = and(eq(teamInvitations.teamId, team.id), eq(teamInvitations.userId, viewer!.id));
    if ((await tx.$count(teamInvitations, wanted)) === 0) throw new RequestError(404, 'There is no such invitation; it may have been taken back.');
    if (me.role !== 'student') throw new RequestError(409, 'Teams are of students, and you are of the staff.');
    if (me.teamId) throw new RequestError(409, 'You are in a team already. Leave it first.');
    await requireRoom(tx, team, challenge);
    await updateMember(tx, me, { teamId: team.id });
    await dropInvitations(tx, me);
  });
}

/** Declines an invitation. Throws RequestError 401, 403 (no member) and 404 (no invitation of theirs). */
export async function declineInvitation(viewer: Viewer | null, slug: string, teamId: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  await database().transaction(async (tx) => {
    const team = await lockTeam(tx, challenge.id, teamId);
    const wanted = and(eq(teamInvitations.teamId, team.id), eq(teamInvitations.userId, viewer!.id));
    const gone = await tx.delete(teamInvitations).where(wanted).returning();
    if (gone.length === 0) throw new RequestError(404, 'There is no such invitation; it may have been taken back.');
  });
}

/**
 * Moves a student into a team, or out of theirs (null), at any time; what was submitted for a team stays the team's. Throws RequestError 401, 403,
 * 404 (challenge, member, team), and 409 (of the staff, team full, last of a team that has submitted).
 */
export async function moveToTeam(viewer: Viewer | null, slug: string, userId: string, teamId: string | null): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'instructor');
  const id = idOf(userId, 'member');
  await database().transaction(async (tx) => {
    const [seen] = await tx.select({ teamId: members.teamId }).from(members).where(and(eq(members.challengeId, challenge.id), eq(members.userId, id)));
    const wanted = teamId === null ? null : idOf(teamId, 'team');
    const held = new Map<string, Awaited<ReturnType<typeof lockTeam>>>();
    for (const one of [...new Set([seen?.teamId, wanted])].filter((one) => typeof one === 'string').toSorted()) {
      held.set(one, await lockTeam(tx, challenge.id, one));
    }
    const member = await lockMember(tx, challenge.id, id);
    if (member.teamId !== seen.teamId) throw new RequestError(409, 'They have just changed teams themselves. Look again.');
    if (member.teamId === wanted) return;
    if (wanted && member.role !== 'student') throw new RequestError(409, 'Teams are of students, and they are of the staff.');
    if (wanted) await requireRoom(tx, held.get(wanted)!, challenge);
    if (member.teamId) await takeOut(tx, held.get(member.teamId)!, member);
    if (wanted) await updateMember(tx, member, { teamId: wanted });
    if (wanted) await dropInvitations(tx, member);
    const names = { from: held.get(member.teamId ?? '')?.name ?? null, to: held.get(wanted ?? '')?.name ?? null };
    await record(tx, viewer!, 'member.team', { challengeId: challenge.id, subject: id, detail: names });
  });
}
