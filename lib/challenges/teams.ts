// A team's own doings: being founded, renamed, led by another, left, and dissolved.
import { and, asc, eq, ne } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { members, teams } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { dropInvitations, lockChallenge, lockMember, updateMember } from './member-row.ts';
import { publicName, requireFree } from './public-name.ts';
import { admitted, atLeast } from './standing.ts';
import { lockLedTeam, lockOwnTeam, lockTeam, requireTeams, requireUnsubmitted, sizeOf, type Team } from './team-row.ts';

/**
 * Founds a team, led by the viewer. Throws RequestError 401, 404, 403 (no member), 400 (name), and 409 (no teams, closed, name taken, in a
 * team already, of the staff).
 */
export async function createTeam(viewer: Viewer | null, slug: string, name: string): Promise<string> {
  const { challenge } = await admitted(viewer, slug, 'student');
  requireTeams(challenge);
  const wanted = publicName(name, 'team name');
  return database().transaction(async (tx) => {
    await lockChallenge(tx, challenge.id);
    await requireFree(tx, challenge.id, wanted, { teamId: null });
    const me = await lockMember(tx, challenge.id, viewer!.id);
    if (me.role !== 'student') throw new RequestError(409, 'Teams are of students, and you are of the staff.');
    if (me.teamId) throw new RequestError(409, 'You are in a team already. Leave it first.');
    const [team] = await tx.insert(teams).values({ challengeId: challenge.id, name: wanted, leaderId: viewer!.id }).returning();
    await updateMember(tx, me, { teamId: team.id });
    await dropInvitations(tx, me);
    return team.id;
  });
}

/** Renames a team: its leader, or an instructor. Throws RequestError 401, 403, 404, 400 (name) and 409 (name taken). */
export async function renameTeam(viewer: Viewer | null, slug: string, teamId: string, name: string): Promise<void> {
  const { challenge: { id: challengeId }, standing } = await admitted(viewer, slug, 'student');
  const wanted = publicName(name, 'team name');
  await database().transaction(async (tx) => {
    await lockChallenge(tx, challengeId);
    const team = await lockTeam(tx, challengeId, teamId);
    const staff = atLeast(standing, 'instructor');
    if (team.leaderId !== viewer!.id && !staff) throw new RequestError(403, 'Only its leader or an instructor renames a team.');
    await requireFree(tx, challengeId, wanted, { teamId: team.id });
    await tx.update(teams).set({ name: wanted }).where(eq(teams.id, team.id));
    if (staff) await record(tx, viewer!, 'team.rename', { challengeId, subject: team.id, detail: { from: team.name, to: wanted } });
  });
}

/** Makes another member the leader. Throws RequestError 401, 403 (not the leader), 404, and 409 (in no team, not of this one). */
export async function handOverTeam(viewer: Viewer | null, slug: string, userId: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  await database().transaction(async (tx) => {
    const { team } = await lockLedTeam(tx, challenge.id, viewer!);
    const heir = await lockMember(tx, challenge.id, userId);
    if (heir.teamId !== team.id) throw new RequestError(409, 'They are not in your team.');
    await tx.update(teams).set({ leaderId: heir.userId }).where(eq(teams.id, team.id));
  });
}

/** Leaves the team; whoever is alone in it dissolves it by that. Throws RequestError 401, 403, 404, and 409 (see dissolveTeam; leader of others). */
export async function leaveTeam(viewer: Viewer | null, slug: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  requireTeams(challenge);
  await database().transaction(async (tx) => {
    const { team, me } = await lockOwnTeam(tx, challenge.id, viewer!);
    await requireUnsubmitted(tx, team);
    if (team.leaderId !== viewer!.id) return updateMember(tx, me, { teamId: null });
    if ((await sizeOf(tx, team.id)) > 1) throw new RequestError(409, 'You lead this team. Make somebody else its leader first, or dissolve it.');
    await drop(tx, team);
  });
}

/** Takes a member out of the viewer's team. Throws RequestError 401, 403 (not the leader), 404, and 409 (see dissolveTeam; oneself). */
export async function removeFromTeam(viewer: Viewer | null, slug: string, userId: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  requireTeams(challenge);
  await database().transaction(async (tx) => {
    const { team } = await lockLedTeam(tx, challenge.id, viewer!);
    await requireUnsubmitted(tx, team);
    const member = await lockMember(tx, challenge.id, userId);
    if (member.teamId !== team.id) throw new RequestError(409, 'They are not in your team.');
    if (member.userId === viewer!.id) throw new RequestError(409, 'You lead this team. Leave or dissolve it instead.');
    await updateMember(tx, member, { teamId: null });
  });
}

/** Dissolves the viewer's team. Throws RequestError 401, 403 (not the leader), 404, and 409 (no teams, closed, in none, has submitted). */
export async function dissolveTeam(viewer: Viewer | null, slug: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'student');
  requireTeams(challenge);
  await database().transaction(async (tx) => {
    const { team } = await lockLedTeam(tx, challenge.id, viewer!);
    await requireUnsubmitted(tx, team);
    await drop(tx, team);
  });
}

/**
 * Puts a member out of a team that is held: it passes to whoever of it has been there longest, and ends with its last member. Throws RequestError 409
 * for the last of a team that has submitted, which would stand for nobody.
 */
export async function takeOut(tx: Transaction, team: Team, member: { challengeId: string; userId: string }): Promise<void> {
  const [heir] = await tx
    .select({ userId: members.userId })
    .from(members)
    .where(and(eq(members.teamId, team.id), ne(members.userId, member.userId)))
    .orderBy(asc(members.joinedAt), asc(members.userId))
    .limit(1);
  if (!heir) {
    await requireUnsubmitted(tx, team);
    return drop(tx, team);
  }
  await tx.update(members).set({ teamId: null }).where(and(eq(members.challengeId, member.challengeId), eq(members.userId, member.userId)));
  if (team.leaderId === member.userId) await tx.update(teams).set({ leaderId: heir.userId }).where(eq(teams.id, team.id));
}

/** Its invitations go with it. */
async function drop(tx: Transaction, team: Team): Promise<void> {
  await tx.update(members).set({ teamId: null }).where(eq(members.teamId, team.id));
  await tx.delete(teams).where(eq(teams.id, team.id));
}
