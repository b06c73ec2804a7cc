// The row that makes somebody a member of a challenge, found and held for the verbs that change it.
import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import type { Transaction } from '../db/client.ts';
import { challenges, members, submissions, teamInvitations, teams } from '../db/schema.ts';
import { RequestError } from '../errors.ts';

export type Member = typeof members.$inferSelect;
export type MemberRole = Member['role'];

/** An id as the database takes it. What is no UUID names nobody: RequestError 404. */
export function idOf(text: string, what: string): string {
  const id = z.uuid().safeParse(text);
  if (!id.success) throw new RequestError(404, `There is no such ${what} in this challenge.`);
  return id.data;
}

/** Holds a challenge's row, so that whatever is decided about all of its people is decided one after the other. */
export async function lockChallenge(tx: Transaction, challengeId: string): Promise<typeof challenges.$inferSelect> {
  const [challenge] = await tx.select().from(challenges).where(eq(challenges.id, challengeId)).for('no key update');
  return challenge;
}

/** A member's row, held until the transaction ends. Throws RequestError 404 when they are none of this challenge. */
export async function lockMember(tx: Transaction, challengeId: string, userId: string): Promise<Member> {
  const own = and(eq(members.challengeId, challengeId), eq(members.userId, idOf(userId, 'member')));
  const [member] = await tx.select().from(members).where(own).for('update');
  if (!member) throw new RequestError(404, 'There is no such member in this challenge.');
  return member;
}

/** Changes columns of a member's row. */
export async function updateMember(tx: Transaction, { challengeId, userId }: Member, set: Partial<Member>): Promise<void> {
  await tx.update(members).set(set).where(and(eq(members.challengeId, challengeId), eq(members.userId, userId)));
}

/** How many submissions somebody has in a challenge, baselines aside. */
export function submissionCount(tx: Transaction, { challengeId, userId }: Member): Promise<number> {
  const own = and(eq(submissions.challengeId, challengeId), eq(submissions.userId, userId), eq(submissions.baseline, false));
  return tx.$count(submissions, own);
}

/** Takes back whatever invitations somebody has to teams of a challenge. */
export async function dropInvitations(tx: Transaction, { challengeId, userId }: Member): Promise<void> {
  const own = tx.select({ id: teams.id }).from(teams).where(eq(teams.challengeId, challengeId));
  await tx.delete(teamInvitations).where(and(eq(teamInvitations.userId, userId), inArray(teamInvitations.teamId, own)));
}
