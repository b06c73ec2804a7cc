// Deleting an account with everything that is its owner's alone, and handing on what others depend on.
import { and, asc, eq, inArray, isNotNull, ne } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { lockUser } from '../auth/users.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { challenges, evaluations, members, rosterPlaces, submissions, teams, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { enqueueRank } from '../queue/jobs.ts';
import { lockAdministrators } from './administrators.ts';
import { requirePassword } from './password.ts';

/**
 * Deletes the viewer's own account. `confirmation` is the password or, of an account without one, the e-mail address typed again.
 * Throws RequestError 403 when it is not, 429, and 409 for a last administrator and for the only instructor of a challenge.
 */
export async function deleteAccount(viewer: Viewer, confirmation: string): Promise<void> {
  await database().transaction(async (tx) => {
    // Before any other row, in this order everywhere, so that two acts on administrators never wait for each other.
    await lockAdministrators(tx);
    const user = await lockUser(tx, viewer.id);
    if (user.passwordHash) await requirePassword(user, confirmation);
    else if (confirmation.trim().toLowerCase() !== user.email.toLowerCase()) {
      throw new RequestError(403, `Type your e-mail address, ${user.email}, to confirm.`);
    }
    await record(tx, viewer, 'account.delete', { subject: user.id });
    await removeAccount(tx, user.id);
  });
}

/** The deletion itself. Throws RequestError 409, with what to do first, where others would be left without what they need. */
export async function removeAccount(tx: Transaction, userId: string): Promise<void> {
  const administrators = await lockAdministrators(tx);
  if (administrators.length === 1 && administrators[0] === userId) {
    throw new RequestError(409, 'This is the last administrator. Make somebody else one first.');
  }
  await requireOtherInstructors(tx, userId);
  await handOnBaselines(tx, userId, administrators);
  await handOnTeams(tx, userId);
  const touched = await tx
    .selectDistinct({ phaseId: evaluations.phaseId })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .where(eq(submissions.userId, userId));
  await tx.update(rosterPlaces).set({ claimedBy: null, claimedAt: null }).where(eq(rosterPlaces.claimedBy, userId));
  // Submissions with their evaluations, drafts, sessions, tokens, identities and codes go with it.
  await tx.delete(users).where(eq(users.id, userId));
  for (const { phaseId } of touched) await enqueueRank(tx, phaseId);
}

async function requireOtherInstructors(tx: Transaction, userId: string): Promise<void> {
  const own = await tx
    .select({ id: challenges.id, title: challenges.title })
    .from(challenges)
    .innerJoin(members, and(eq(members.challengeId, challenges.id), eq(members.userId, userId), eq(members.role, 'instructor')))
    .orderBy(challenges.id)
    // As whoever else changes an instructor does: the challenge's row is held meanwhile.
    .for('update', { of: challenges });
  const alone: string[] = [];
  for (const { id, title } of own) {
    const others = and(eq(members.challengeId, id), eq(members.role, 'instructor'), ne(members.userId, userId));
    if ((await tx.$count(members, others)) === 0) alone.push(`"${title}"`);
  }
  if (alone.length > 0) {
    throw new RequestError(409, `Nobody else is an instructor of ${alone.join(', ')}. Make somebody else an instructor there first.`);
  }
}

/** To another instructor of the challenge, the one who has been there longest; where it has none, to an administrator. */
async function handOnBaselines(tx: Transaction, userId: string, administrators: readonly string[]): Promise<void> {
  const own = and(eq(submissions.userId, userId), submissions.baseline);
  const held = await tx.selectDistinct({ challengeId: submissions.challengeId }).from(submissions).where(own);
  for (const { challengeId } of held) {
    const [heir] = await tx
      .select({ id: members.userId })
      .from(members)
      .where(and(eq(members.challengeId, challengeId), eq(members.role, 'instructor'), ne(members.userId, userId)))
      .orderBy(asc(members.joinedAt))
      .limit(1);
    const heirId = heir?.id ?? administrators.find((id) => id !== userId);
    if (!heirId) {
      throw new RequestError(409, 'Baselines of a challenge belong to this account, and nobody can take them. Name an instructor first.');
    }
    await tx.update(submissions).set({ userId: heirId }).where(and(own, eq(submissions.challengeId, challengeId)));
  }
}

/** What was submitted for a team stays the team's, and a team that is led by somebody else from now on stays a team. */
async function handOnTeams(tx: Transaction, userId: string): Promise<void> {
  const own = await tx
    .select({ teamId: members.teamId })
    .from(members)
    .where(and(eq(members.userId, userId), isNotNull(members.teamId)));
  const led = await tx.select({ teamId: teams.id }).from(teams).where(eq(teams.leaderId, userId));
  const ids = [...new Set([...own, ...led].map(({ teamId }) => teamId!))];
  if (ids.length === 0) return;
  await tx.update(members).set({ teamId: null }).where(and(eq(members.userId, userId), inArray(members.teamId, ids)));
  for (const id of ids) {
    const [team] = await tx.select().from(teams).where(eq(teams.id, id)).for('update');
    const left = tx.select({ id: members.userId }).from(members).where(eq(members.teamId, id));
    const [mate] = await left.orderBy(asc(members.joinedAt)).limit(1);
    if (!mate) {
      await tx.delete(teams).where(eq(teams.id, id));
      continue;
    }
    const leaderId = team.leaderId === userId ? mate.id : team.leaderId;
    await tx.update(teams).set({ leaderId }).where(eq(teams.id, id));
    await tx.update(submissions).set({ userId: leaderId }).where(and(eq(submissions.userId, userId), eq(submissions.teamId, id)));
  }
}
