// A team's row, found and held for the verbs that change it. Teams are held before members, and two teams in the order of their ids.
import { and, eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { Transaction } from '../db/client.ts';
import { members, submissions, teams } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { ChallengeView } from './challenges.ts';
import { idOf, lockMember, type Member } from './member-row.ts';

export type Team = typeof teams.$inferSelect;

/** A team of the challenge, held until the transaction ends. Throws RequestError 404. */
export async function lockTeam(tx: Transaction, challengeId: string, teamId: string): Promise<Team> {
  const wanted = and(eq(teams.challengeId, challengeId), eq(teams.id, idOf(teamId, 'team')));
  const [team] = await tx.select().from(teams).where(wanted).for('update');
  if (!team) throw new RequestError(404, 'There is no such team in this challenge.');
  return team;
}

/** The viewer's own team and row in it, both held. Throws RequestError 409 for who is in no team. */
export async function lockOwnTeam(tx: Transaction, challengeId: string, viewer: Viewer): Promise<{ team: Team; me: Member }> {
  const [seen] = await tx
    .select({ teamId: members.teamId })
    .from(members)
    .where(and(eq(members.challengeId, challengeId), eq(members.userId, viewer.id)));
  if (seen?.teamId) {
    const team = await lockTeam(tx, challengeId, seen.teamId);
    const me = await lockMember(tx, challengeId, viewer.id);
    // Only now is it sure: until the team was held, somebody might have taken them out of it.
    if (me.teamId === team.id) return { team, me };
  }
  throw new RequestError(409, 'You are in no team of this challenge.');
}

/** As lockOwnTeam, for its leader. Throws RequestError 403 to others. */
export async function lockLedTeam(tx: Transaction, challengeId: string, viewer: Viewer): Promise<{ team: Team; me: Member }> {
  const own = await lockOwnTeam(tx, challengeId, viewer);
  if (own.team.leaderId !== viewer.id) throw new RequestError(403, 'Only the leader of the team may do this.');
  return own;
}

export const sizeOf = (tx: Transaction, teamId: string): Promise<number> => tx.$count(members, eq(members.teamId, teamId));

export async function requireRoom(tx: Transaction, team: Team, { policy }: ChallengeView): Promise<void> {
  if ((await sizeOf(tx, team.id)) < policy.teamSize) return;
  throw new RequestError(409, `The team "${team.name}" is full: a team of this challenge has at most ${policy.teamSize} members.`);
}

/**
 * Throws RequestError 409 once the team has submitted: from then on its members share what it has sent and the quota that took, and
 * only an instructor moves somebody.
 */
export async function requireUnsubmitted(tx: Transaction, team: Team): Promise<void> {
  if ((await tx.$count(submissions, eq(submissions.teamId, team.id))) === 0) return;
  throw new RequestError(409, `"${team.name}" has submitted, so its members stay together. An instructor can move somebody.`);
}

/** Throws RequestError 409 where there are no teams, and after the deadline: what a team is then, it is graded as. */
export function requireTeams({ title, policy, state, archived }: ChallengeView): void {
  if (policy.teamSize < 2) throw new RequestError(409, `"${title}" has no teams: everybody takes part alone.`);
  if (archived || state === 'closed') throw new RequestError(409, 'The challenge has closed, and its teams stay as they are. An instructor can move somebody.');
}
