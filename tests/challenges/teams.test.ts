// Teams: who founds, leads, invites and comes in, how many fit, and when nobody leaves any more.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { leaveChallenge, setRole } from '../../lib/challenges/members.ts';
import { acceptInvitation, declineInvitation, inviteToTeam, moveToTeam, withdrawInvitation } from '../../lib/challenges/team-invitations.ts';
import { listTeams, teamPage } from '../../lib/challenges/team-view.ts';
import { createTeam, dissolveTeam, handOverTeam, leaveTeam, removeFromTeam, renameTeam } from '../../lib/challenges/teams.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, challenges, members, notifications, submissions, teams, users } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';
import { castOf, expectOnlyStaff, refused, type Cast } from './rights.ts';

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let slug: string;
let cast: Cast;
/** Leads a team of its own in the tests that need one. */
let leader: Viewer;
beforeAll(async () => void (fresh = await freshDatabase()));
beforeEach(async () => {
  challenge = await challengeOf(protocol);
  ({ slug } = challenge);
  cast = await castOf(challenge.id);
  leader = cast.student;
  await settings({ policy: { teamSize: 2 } });
});
afterAll(() => fresh.drop());

const nobody = '00000000-0000-4000-8000-000000000000';
const settings = (set: Partial<typeof challenges.$inferInsert>) => database().update(challenges).set(set).where(eq(challenges.id, challenge.id));
const student = async () => enrol(await person(), challenge.id);
const emailOf = async ({ id }: Viewer) => (await database().select().from(users).where(eq(users.id, id)))[0].email;
const teamOf = async ({ id }: Viewer) => (await database().select().from(members).where(and(eq(members.challengeId, challenge.id), eq(members.userId, id))))[0].teamId;
const invite = async (who: Viewer, by = leader) => inviteToTeam(by, slug, await emailOf(who));
const teamNamed = async (name: string) => (await database().select().from(teams).where(and(eq(teams.challengeId, challenge.id), eq(teams.name, name))))[0];

/** Enters a submission for the team of its sender, as confirming does. */
async function submitForTeam(viewer: Viewer): Promise<void> {
  const { submissionId } = await submit(viewer, challenge.id);
  await database().update(submissions).set({ teamId: await teamOf(viewer) }).where(eq(submissions.id, submissionId));
}

/** The leader's team, with somebody in it. */
async function pair(mate: Viewer = cast.other): Promise<string> {
  const id = await createTeam(leader, slug, 'Alpha');
  await invite(mate);
  await acceptInvitation(mate, slug, id);
  return id;
}

test('a student founds a team, invites by address, and who accepts is in it', async () => {
  const id = await createTeam(leader, slug, '  The   Alphas ');
  expect(await teamNamed('The Alphas')).toMatchObject({ id, leaderId: leader.id });
  await inviteToTeam(leader, slug, ` ${(await emailOf(cast.other)).toUpperCase()} `);
  await invite(cast.other);
  expect(await teamPage(leader, slug)).toMatchObject({
    student: true, invitations: [],
    team: { id, name: 'The Alphas', leading: true, submitted: false, mates: [{ name: leader.name, leader: true }], invited: [{ email: await emailOf(cast.other) }] },
  });
  expect((await teamPage(cast.other, slug)).invitations).toEqual([{ teamId: id, team: 'The Alphas', leader: leader.name, size: 1 }]);
  expect(await database().$count(notifications, eq(notifications.userId, cast.other.id))).toBe(1);
  await acceptInvitation(cast.other, slug, id);
  const { team, invitations } = await teamPage(cast.other, slug);
  expect(team).toMatchObject({ leading: false, invited: [] });
  expect(team!.mates.map(({ userId, leader: leads }) => [userId, leads])).toEqual([[leader.id, true], [cast.other.id, false]]);
  expect(invitations).toEqual([]);
  expect(await listTeams(cast.assistant, slug)).toEqual([{
    id, name: 'The Alphas', submissions: 0,
    members: [leader, cast.other].map(({ id: userId, name }) => ({ userId, name, leader: userId === leader.id })).toSorted((a, b) => a.name.localeCompare(b.name)),
  }]);
});

test('who may do what with teams', async () => {
  const id = await createTeam(leader, slug, 'Alpha');
  await invite(cast.other);
  const verbs: ((viewer: Viewer | null) => Promise<unknown>)[] = [
    (viewer) => createTeam(viewer, slug, 'Beta'),
    (viewer) => renameTeam(viewer, slug, id, 'Beta'),
    (viewer) => inviteToTeam(viewer, slug, 'a@b.example'),
    (viewer) => withdrawInvitation(viewer, slug, cast.other.id),
    (viewer) => acceptInvitation(viewer, slug, id),
    (viewer) => declineInvitation(viewer, slug, id),
    (viewer) => leaveTeam(viewer, slug),
    (viewer) => removeFromTeam(viewer, slug, cast.other.id),
    (viewer) => handOverTeam(viewer, slug, cast.other.id),
    (viewer) => dissolveTeam(viewer, slug),
    (viewer) => teamPage(viewer, slug),
  ];
  for (const verb of verbs) {
    await expect(verb(null)).rejects.toMatchObject(refused(401));
    await expect(verb(cast.elsewhere)).rejects.toMatchObject(refused(403));
  }
  await expectOnlyStaff(cast, (viewer) => moveToTeam(viewer, slug, cast.other.id, id));
  await expectOnlyStaff(cast, (viewer) => listTeams(viewer, slug), 'assistant');
  const uninvited = await student();
  for (const verb of [acceptInvitation, declineInvitation]) await expect(verb(uninvited, slug, id)).rejects.toMatchObject(refused(404));
  await expect(acceptInvitation(cast.other, slug, nobody)).rejects.toMatchObject(refused(404));
  await expect(createTeam(cast.assistant, slug, 'Beta')).rejects.toMatchObject(refused(409, /of the staff/));
  await expect(renameTeam(cast.other, slug, id, 'Beta')).rejects.toMatchObject(refused(403));
  await acceptInvitation(cast.other, slug, id);
  for (const verb of [
    () => invite(uninvited, cast.other), () => dissolveTeam(cast.other, slug), () => removeFromTeam(cast.other, slug, leader.id),
    () => handOverTeam(cast.other, slug, cast.other.id), () => withdrawInvitation(cast.other, slug, uninvited.id),
  ]) await expect(verb()).rejects.toMatchObject(refused(403, /Only the leader/));
  for (const verb of [() => leaveTeam(uninvited, slug), () => dissolveTeam(uninvited, slug), () => invite(leader, uninvited)]) {
    await expect(verb()).rejects.toMatchObject(refused(409, /in no team/));
  }
});

test('a challenge of single students has no teams, and a closed one keeps those it has', async () => {
  const id = await pair();
  await settings({ policy: { teamSize: 1 } });
  await expect(createTeam(await student(), slug, 'Beta')).rejects.toMatchObject(refused(409, /has no teams/));
  await settings({ policy: { teamSize: 5 }, closesAt: new Date(Date.now() - 1000), opensAt: new Date(Date.now() - 2000) });
  const late = await student();
  for (const verb of [
    () => createTeam(late, slug, 'Beta'), () => invite(late), () => leaveTeam(cast.other, slug),
    () => removeFromTeam(leader, slug, cast.other.id), () => dissolveTeam(leader, slug), () => acceptInvitation(late, slug, id),
  ]) await expect(verb()).rejects.toMatchObject(refused(409, /closed/));
  await moveToTeam(cast.instructor, slug, late.id, id);
  expect(await teamOf(late)).toBe(id);
});

test('one team a student, and no more students than fit', async () => {
  const id = await pair();
  await expect(createTeam(leader, slug, 'Beta')).rejects.toMatchObject(refused(409, /in a team already/));
  const third = await student();
  await expect(invite(third)).rejects.toMatchObject(refused(409, /full.*at most 2/));
  await expect(moveToTeam(cast.instructor, slug, third.id, id)).rejects.toMatchObject(refused(409, /full/));
  await createTeam(third, slug, 'Beta');
  await invite(cast.other, third);
  const [{ teamId: beta }] = (await teamPage(cast.other, slug)).invitations;
  await expect(acceptInvitation(cast.other, slug, beta)).rejects.toMatchObject(refused(409, /in a team already/));
  await declineInvitation(cast.other, slug, beta);
  expect((await teamPage(cast.other, slug)).invitations).toEqual([]);
});

test('of two who accept at once for one place, one comes in', async () => {
  const id = await createTeam(leader, slug, 'Alpha');
  const both = [cast.other, await student()];
  for (const one of both) await invite(one);
  const done = await Promise.allSettled(both.map((one) => acceptInvitation(one, slug, id)));
  expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await database().$count(members, eq(members.teamId, id))).toBe(2);
});

test('who accepts two teams at once is in one', async () => {
  const second = await student();
  const ids = [await createTeam(leader, slug, 'Alpha'), await createTeam(second, slug, 'Beta')];
  await invite(cast.other);
  await invite(cast.other, second);
  const done = await Promise.allSettled(ids.map((id) => acceptInvitation(cast.other, slug, id)));
  expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await teamOf(cast.other)).toBe(ids[done.findIndex(({ status }) => status === 'fulfilled')]);
});

test('an invitation is to a student of the challenge, and can be taken back', async () => {
  const id = await createTeam(leader, slug, 'Alpha');
  for (const one of [cast.elsewhere, cast.assistant, await person()]) await expect(invite(one)).rejects.toMatchObject(refused(404, /No student/));
  await expect(invite(leader)).rejects.toMatchObject(refused(409, /in your team already/));
  await invite(cast.other);
  await withdrawInvitation(leader, slug, cast.other.id);
  await expect(withdrawInvitation(leader, slug, cast.other.id)).rejects.toMatchObject(refused(404));
  await expect(acceptInvitation(cast.other, slug, id)).rejects.toMatchObject(refused(404));
});

test('addresses cannot be tried without end', async () => {
  await createTeam(leader, slug, 'Alpha');
  for (let i = 0; i < 20; i++) await expect(inviteToTeam(leader, slug, `guess${i}@u.example`)).rejects.toMatchObject(refused(404));
  await expect(invite(cast.other)).rejects.toMatchObject(refused(429));
});

test('the leader hands over, removes and dissolves; nobody leaves a team behind without one', async () => {
  const id = await pair();
  await expect(leaveTeam(leader, slug)).rejects.toMatchObject(refused(409, /somebody else its leader/));
  await expect(removeFromTeam(leader, slug, leader.id)).rejects.toMatchObject(refused(409));
  await expect(removeFromTeam(leader, slug, (await student()).id)).rejects.toMatchObject(refused(409, /not in your team/));
  await expect(handOverTeam(leader, slug, nobody)).rejects.toMatchObject(refused(404));
  await handOverTeam(leader, slug, cast.other.id);
  await leaveTeam(leader, slug);
  expect(await teamOf(leader)).toBeNull();
  expect((await teamNamed('Alpha')).leaderId).toBe(cast.other.id);
  await leaveTeam(cast.other, slug);
  expect(await teamNamed('Alpha')).toBeUndefined();

  const again = await pair();
  expect(again).not.toBe(id);
  await removeFromTeam(leader, slug, cast.other.id);
  expect(await teamOf(cast.other)).toBeNull();
  await dissolveTeam(leader, slug);
  expect([await teamOf(leader), await teamNamed('Alpha')]).toEqual([null, undefined]);
});

test('once the team has submitted its members stay, and an instructor alone moves them', async () => {
  const id = await pair();
  await submitForTeam(cast.other);
  for (const verb of [() => leaveTeam(cast.other, slug), () => removeFromTeam(leader, slug, cast.other.id), () => dissolveTeam(leader, slug)]) {
    await expect(verb()).rejects.toMatchObject(refused(409, /has submitted, so its members stay together/));
  }
  expect((await teamPage(leader, slug)).team!.submitted).toBe(true);
  await moveToTeam(cast.instructor, slug, leader.id, null);
  expect((await teamNamed('Alpha')).leaderId).toBe(cast.other.id);
  await expect(moveToTeam(cast.instructor, slug, cast.other.id, null)).rejects.toMatchObject(refused(409, /has submitted/));
  await moveToTeam(cast.instructor, slug, leader.id, id);
  await moveToTeam(cast.instructor, slug, leader.id, id);
  expect(await database().$count(submissions, eq(submissions.teamId, id))).toBe(1);
  const acts = await database().select().from(auditLog).where(eq(auditLog.challengeId, challenge.id)).orderBy(auditLog.id);
  expect(acts.map(({ action, detail }) => [action, detail])).toEqual([['member.team', { from: 'Alpha', to: null }], ['member.team', { from: null, to: 'Alpha' }]]);
});

test('an instructor moves between teams; a team that nobody is left in ends', async () => {
  const id = await pair();
  const third = await student();
  const beta = await createTeam(third, slug, 'Beta');
  await moveToTeam(cast.administrator, slug, cast.other.id, null);
  await moveToTeam(cast.instructor, slug, third.id, id);
  expect(await teamNamed('Beta')).toBeUndefined();
  for (const [who, where] of [[third.id, beta], [third.id, 'no-uuid'], [nobody, null], [nobody, id]] as const) {
    await expect(moveToTeam(cast.instructor, slug, who, where)).rejects.toMatchObject(refused(404));
  }
  await expect(moveToTeam(cast.instructor, slug, cast.assistant.id, id)).rejects.toMatchObject(refused(409, /of the staff/));
  const elsewhere = await challengeOf(protocol, cast.instructor);
  await expect(moveToTeam(cast.instructor, elsewhere.slug, third.id, id)).rejects.toMatchObject(refused(404));
});

test('whoever is in a team leaves it before the challenge, and before they become of the staff', async () => {
  await pair();
  await expect(leaveChallenge(cast.other, slug)).rejects.toMatchObject(refused(409, /in a team/));
  await expect(setRole(cast.instructor, slug, cast.other.id, 'assistant')).rejects.toMatchObject(refused(409, /in a team/));
  await leaveTeam(cast.other, slug);
  await invite(cast.other);
  await setRole(cast.instructor, slug, cast.other.id, 'assistant');
  expect((await teamPage(cast.other, slug)).invitations).toEqual([]);
});

test('a team’s name is its own, and can be taken for nobody else’s', async () => {
  await database().update(members).set({ pseudonym: 'Zorro' }).where(and(eq(members.challengeId, challenge.id), eq(members.userId, cast.other.id)));
  const id = await pair();
  const third = await student();
  for (const taken of ['alpha', 'ZORRO', leader.name.toUpperCase(), ` ${cast.instructor.name} `]) {
    await expect(createTeam(third, slug, taken)).rejects.toMatchObject(refused(409, /goes by/));
  }
  for (const wrong of ['', '   ', '1234', 'x'.repeat(61), 'Al\u200bpha', 'Al\u202epha']) await expect(createTeam(third, slug, wrong)).rejects.toMatchObject(refused(400));
  await renameTeam(leader, slug, id, 'ALPHA');
  await renameTeam(cast.instructor, slug, id, 'Omega');
  expect((await teamNamed('Omega')).id).toBe(id);
  expect((await database().select().from(auditLog).where(eq(auditLog.challengeId, challenge.id))).map(({ action }) => action)).toEqual(['team.rename']);
});
