// Teams as they are shown: to a student their own and who invites them, to the staff all of them.
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { members, submissions, teamInvitations, teams, users } from '../db/schema.ts';
import type { ChallengeView } from './challenges.ts';
import { admitted, type Standing } from './standing.ts';

/** Those of a team know each other by their accounts' names. */
export type Mate = { userId: string; name: string; leader: boolean };

export type OwnTeam = {
  id: string;
  name: string;
  /** Whether the viewer leads it. */
  leading: boolean;
  /** Its leader first. */
  mates: Mate[];
  /** Whether it has submitted, so that its members stay together. */
  submitted: boolean;
  /** Whom its leader has invited, by the address that was typed; to others of it empty. */
  invited: { userId: string; email: string }[];
};

export type TeamPage = {
  challenge: ChallengeView;
  standing: Standing;
  /** Whether the viewer may be in a team. */
  student: boolean;
  team: OwnTeam | null;
  /** Who invites the viewer. */
  invitations: { teamId: string; team: string; leader: string; size: number }[];
};

/** What a member sees of teams. Throws RequestError 401, 403 (no member) and 404 (challenge). */
export async function teamPage(viewer: Viewer | null, slug: string): Promise<TeamPage> {
  const { challenge, standing } = await admitted(viewer, slug, 'student');
  const me = viewer!.id;
  const own = and(eq(members.challengeId, challenge.id), eq(members.userId, me));
  const [[member], invitations] = await Promise.all([
    database().select({ role: members.role, teamId: members.teamId }).from(members).where(own),
    database()
      .select({ teamId: teams.id, team: teams.name, leader: users.name, size: sizeOfTeam })
      .from(teamInvitations)
      .innerJoin(teams, eq(teams.id, teamInvitations.teamId))
      .innerJoin(users, eq(users.id, teams.leaderId))
      .where(and(eq(teams.challengeId, challenge.id), eq(teamInvitations.userId, me)))
      .orderBy(asc(teamInvitations.createdAt)),
  ]);
  const team = member?.teamId ? await ownTeam(member.teamId, me) : null;
  return { challenge, standing, student: member?.role === 'student', team, invitations };
}

const sizeOfTeam = sql<number>`(select count(*)::int from ${members} m where m.team_id = ${teams.id})`;

async function ownTeam(teamId: string, me: string): Promise<OwnTeam> {
  const [[team], mates, invited, sent] = await Promise.all([
    database().select().from(teams).where(eq(teams.id, teamId)),
    database().select({ userId: users.id, name: users.name }).from(members).innerJoin(users, eq(users.id, members.userId))
      .where(eq(members.teamId, teamId)).orderBy(asc(users.name)),
    database().select({ userId: users.id, email: users.email }).from(teamInvitations).innerJoin(users, eq(users.id, teamInvitations.userId))
      .where(eq(teamInvitations.teamId, teamId)).orderBy(asc(users.email)),
    database().$count(submissions, eq(submissions.teamId, teamId)),
  ]);
  const leading = team.leaderId === me;
  const known = mates.map((mate) => ({ ...mate, leader: mate.userId === team.leaderId }));
  const inOrder = known.toSorted((a, b) => Number(b.leader) - Number(a.leader));
  return { id: team.id, name: team.name, leading, mates: inOrder, submitted: sent > 0, invited: leading ? invited : [] };
}

export type TeamRow = { id: string; name: string; members: Mate[]; submissions: number };

/** Every team of a challenge by name, for its staff. Throws RequestError 401, 403 and 404. */
export async function listTeams(viewer: Viewer | null, slug: string): Promise<TeamRow[]> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const mates = sql<TeamRow['members']>`coalesce((select json_agg(json_build_object('userId', u.id, 'name', u.name, 'leader', u.id = ${teams.leaderId}) order by u.name)
    from ${members} m join ${users} u on u.id = m.user_id where m.team_id = ${teams.id}), '[]')`;
  const sent = sql<number>`(select count(*)::int from ${submissions} s where s.team_id = ${teams.id})`;
  return database()
    .select({ id: teams.id, name: teams.name, members: mates, submissions: sent })
    .from(teams)
    .innerJoin(users, eq(users.id, teams.leaderId))
    .where(eq(teams.challengeId, challenge.id))
    .orderBy(sql`lower(${teams.name})`);
}
