// Changing what somebody is in a challenge, and leaving it. A challenge always keeps an instructor.
import { and, eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { members, rosterPlaces } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { dropInvitations, lockChallenge, lockMember, submissionCount, updateMember, type Member, type MemberRole } from './member-row.ts';
import { admitted } from './standing.ts';

/**
 * Makes a member a student, an assistant or an instructor. Throws RequestError 401, 403, 404 (challenge, member), and 409 for the last
 * instructor and for somebody in a team, which is of students.
 */
export async function setRole(viewer: Viewer | null, slug: string, userId: string, role: MemberRole): Promise<void> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  await database().transaction(async (tx) => {
    await lockChallenge(tx, id);
    const member = await lockMember(tx, id, userId);
    if (member.role === role) return;
    if (member.role === 'instructor') await keepInstructor(tx, id);
    if (role !== 'student' && member.teamId) throw new RequestError(409, 'They are in a team, and teams are of students. Take them out of it first.');
    if (role !== 'student') await dropInvitations(tx, member);
    await updateMember(tx, member, { role });
    await record(tx, viewer!, 'member.role', { challengeId: id, subject: userId, detail: { from: member.role, to: role } });
  });
}

/**
 * Takes a member out of a challenge; their place on the roster is free again. Throws RequestError 401, 403, 404, and 409 for
 * the last instructor, for somebody in a team, and for whoever has submitted: submissions and grades have somebody they belong to.
 */
export async function removeMember(viewer: Viewer | null, slug: string, userId: string): Promise<void> {
  const { challenge: { id } } = await admitted(viewer, slug, 'instructor');
  await database().transaction(async (tx) => {
    const { role } = await remove(tx, id, userId, 'They have submitted, so they stay. Disqualify their submissions instead, or make them a student.');
    await record(tx, viewer!, 'member.remove', { challengeId: id, subject: userId, detail: { role } });
  });
}

/** Leaves a challenge. Throws RequestError 401, 404 (challenge, not a member of it), 403, and 409 as removeMember. */
export async function leaveChallenge(viewer: Viewer | null, slug: string): Promise<void> {
  const { challenge: { id } } = await admitted(viewer, slug, 'student');
  if (viewer!.asStudent) throw new RequestError(409, 'You look at the site as a student. Go back to your own view to leave.');
  await database().transaction((tx) => remove(tx, id, viewer!.id, 'You have submitted to this challenge, so you cannot leave it.'));
}

async function remove(tx: Transaction, challengeId: string, userId: string, submitted: string): Promise<Member> {
  await lockChallenge(tx, challengeId);
  const member = await lockMember(tx, challengeId, userId);
  if (member.role === 'instructor') await keepInstructor(tx, challengeId);
  if (member.teamId) throw new RequestError(409, 'Somebody in a team leaves that first.');
  if ((await submissionCount(tx, member)) > 0) throw new RequestError(409, submitted);
  await dropInvitations(tx, member);
  const place = and(eq(rosterPlaces.challengeId, challengeId), eq(rosterPlaces.claimedBy, userId));
  await tx.update(rosterPlaces).set({ claimedBy: null, claimedAt: null }).where(place);
  await tx.delete(members).where(and(eq(members.challengeId, challengeId), eq(members.userId, userId)));
  return member;
}

/** Asked with the challenge's row held, so that two instructors cannot take each other's part at once. */
async function keepInstructor(tx: Transaction, challengeId: string): Promise<void> {
  const instructors = await tx.$count(members, and(eq(members.challengeId, challengeId), eq(members.role, 'instructor')));
  if (instructors > 1) return;
  throw new RequestError(409, 'A challenge keeps at least one instructor. Make somebody else one first.');
}
