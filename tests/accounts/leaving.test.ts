// Leaving: what goes with an account, what others keep, when it is refused; and taking one's data along.
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteAccount } from '../../lib/accounts/delete.ts';
import { exportAccount } from '../../lib/accounts/export.ts';
import { linkIdentity } from '../../lib/auth/identities.ts';
import { createToken } from '../../lib/auth/tokens.ts';
import type { User } from '../../lib/auth/users.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { auditLog, members, notifications, phases, rosterPlaces, submissions, teams, users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, submit } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';
import { account, browser, password, row } from './stage.ts';

let fresh: FreshDatabase;
let instructor: User;
let challengeId: string;
let slug: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  instructor = await account({ role: 'instructor' });
  ({ id: challengeId, slug } = await challengeOf(protocol, instructor));
});
afterAll(() => fresh.drop());

const owner = async (id: string) => (await database().select().from(submissions).where(eq(submissions.id, id)))[0]?.userId;
const withoutPassword = (user: User) => database().update(users).set({ passwordHash: null }).where(eq(users.id, user.id));

async function teamOf(leader: User, ...mates: User[]): Promise<string> {
  const [{ id }] = await database().insert(teams).values({ challengeId, name: `Team of ${leader.id}`, leaderId: leader.id }).returning();
  for (const one of [leader, ...mates]) {
    await enrol(one, challengeId);
    await database().update(members).set({ teamId: id }).where(and(eq(members.challengeId, challengeId), eq(members.userId, one.id)));
  }
  return id;
}

describe('an account is deleted', () => {
  test('with its submissions, and the ranks are computed anew', async () => {
    const student = await account();
    await enrol(student, challengeId);
    const { submissionId } = await evaluated(student, challengeId, { mixed: 200, clean: 300, 'mixed+shift': 300 });
    await browser(student);
    await createToken(student, 'script');
    await database().transaction((tx) => linkIdentity(tx, student.id, { provider: 'github', subject: '1' }));
    const claimed = { claimedBy: student.id, claimedAt: new Date() };
    await database().insert(rosterPlaces).values({ challengeId, email: student.email, name: 'Ana', ...claimed });
    await rawSql()`delete from graphile_worker._private_jobs`;

    await expect(deleteAccount(student, 'not the password')).rejects.toMatchObject({ status: 403 });
    expect(await row(student)).toBeDefined();
    await deleteAccount(student, password);
    expect(await row(student)).toBeUndefined();
    expect(await owner(submissionId)).toBeUndefined();
    const [place] = await database().select().from(rosterPlaces).where(eq(rosterPlaces.email, student.email));
    expect(place).toMatchObject({ claimedBy: null, claimedAt: null });
    const [phase] = await database().select().from(phases).where(and(eq(phases.challengeId, challengeId), eq(phases.kind, 'public')));
    const [job] = await rawSql()`select payload from graphile_worker._private_jobs where key = ${`rank:${phase.id}`}`;
    expect(job.payload).toEqual({ phaseId: phase.id });
    expect(await database().select().from(auditLog).where(eq(auditLog.subject, student.id))).toMatchObject([
      { action: 'account.delete', actorId: null, actorName: 'Ana' },
    ]);
  });

  test('by the address typed again, where it has no password', async () => {
    const student = await account();
    await withoutPassword(student);
    await expect(deleteAccount(student, 'delete')).rejects.toMatchObject({ status: 403 });
    await deleteAccount(student, ` ${student.email.toUpperCase()} `);
    expect(await row(student)).toBeUndefined();
  });

  test('but what was submitted for a team stays the team’s, under another leader', async () => {
    const [leader, mate] = [await account(), await account()];
    const teamId = await teamOf(leader, mate);
    const { submissionId } = await submit(leader, challengeId);
    await database().update(submissions).set({ teamId }).where(eq(submissions.id, submissionId));
    const { submissionId: alone } = await submit(leader, challengeId);
    await deleteAccount(leader, password);
    expect(await owner(submissionId)).toBe(mate.id);
    expect(await owner(alone)).toBeUndefined();
    expect((await database().select().from(teams).where(eq(teams.id, teamId)))[0].leaderId).toBe(mate.id);
    await deleteAccount(mate, password);
    expect(await database().$count(teams, eq(teams.id, teamId))).toBe(0);
  });

  test('of an instructor when there is another, who gets the baselines', async () => {
    const [first, second] = [await account(), await account()];
    const { id } = await challengeOf(protocol, first);
    const { submissionId } = await submit(first, id);
    await database().update(submissions).set({ baseline: true }).where(eq(submissions.id, submissionId));
    await expect(deleteAccount(first, password)).rejects.toMatchObject({ status: 409, message: expect.stringContaining('"A challenge"') });
    expect(await owner(submissionId)).toBe(first.id);
    await enrol(second, id, 'instructor');
    await deleteAccount(first, password);
    expect(await owner(submissionId)).toBe(second.id);
  });
});

describe('the export', () => {
  test('holds all that is stored of somebody, and nothing that opens a door or is another’s', async () => {
    const [student, other] = [await account({ email: 'exported@uni.test' }), await account({ email: 'secret-other@uni.test' })];
    await teamOf(student, other);
    const { submissionId } = await evaluated(student, challengeId, { mixed: 200, clean: 300, 'mixed+shift': 300 });
    await evaluated(other, challengeId, { mixed: 100, clean: 100, 'mixed+shift': 100 });
    const { secret } = await createToken(student, 'laptop', { scopes: ['read'] });
    const session = await browser(student, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0');
    await database().transaction((tx) => linkIdentity(tx, student.id, { provider: 'github', subject: '4711' }));
    await database().insert(notifications).values({ userId: student.id, kind: 'submission-finished', subjectId: submissionId });
    await database().insert(auditLog).values({ actorId: student.id, actorName: 'Ana', action: 'team.rename', subject: slug });

    const text = JSON.stringify(await exportAccount(student));
    expect(JSON.parse(text)).toMatchObject({
      profile: { email: 'exported@uni.test', name: 'Ana', role: 'student' },
      identities: [{ provider: 'github', subject: '4711' }],
      sessions: [{ browser: 'Firefox on Linux' }],
      apiTokens: [{ name: 'laptop', scopes: ['read'] }],
      memberships: [{ challenge: slug, role: 'student', team: `Team of ${student.id}` }],
      submissions: [
        { id: submissionId, challenge: slug, evaluations: [{ phase: 'public', status: 'finished', score: expect.any(Object) }] },
      ],
      notifications: [{ kind: 'submission-finished' }],
      privilegedActs: [{ action: 'team.rename' }],
    });
    const [{ hash }] = await database().select({ hash: sql<string>`password_hash` }).from(users).where(eq(users.id, student.id));
    const withheld = [secret, session, hash, 'tokenHash', 'passwordHash', 'argon2', other.id, 'secret-other'];
    for (const one of withheld) expect(text).not.toContain(one);
  });

  test('is of whoever asks', async () => {
    await expect(exportAccount(null)).rejects.toMatchObject({ status: 401 });
  });
});
