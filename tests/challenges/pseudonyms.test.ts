// Pseudonyms: who may take which, and that nobody but the staff learns whose it is, from no answer.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { replacePseudonym, setPseudonym } from '../../lib/challenges/pseudonyms.ts';
import { inviteToTeam } from '../../lib/challenges/team-invitations.ts';
import { teamPage } from '../../lib/challenges/team-view.ts';
import { createTeam } from '../../lib/challenges/teams.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, challenges, members, rosterPlaces, submissions, users } from '../../lib/db/schema.ts';
import { board } from '../../lib/leaderboard/board.ts';
import { compareSubmissions } from '../../lib/leaderboard/compare.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';
import { castOf, expectOnlyStaff, refused, type Cast } from './rights.ts';

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let slug: string;
let cast: Cast;
beforeAll(async () => void (fresh = await freshDatabase()));
beforeEach(async () => {
  challenge = await challengeOf(protocol);
  ({ slug } = challenge);
  cast = await castOf(challenge.id);
});
afterAll(() => fresh.drop());

const settings = (set: Partial<typeof challenges.$inferInsert>) => database().update(challenges).set(set).where(eq(challenges.id, challenge.id));
const pseudonymOf = async ({ id }: Viewer) => (await database().select().from(members).where(and(eq(members.challengeId, challenge.id), eq(members.userId, id))))[0].pseudonym;
const userOf = async ({ id }: Viewer) => (await database().select().from(users).where(eq(users.id, id)))[0];
const rowOf = async (viewer: Viewer | null, submissionId: string) => (await board(viewer, slug)).rows.find((row) => row.submissionId === submissionId)!;
const all = { mixed: 300, clean: 300, 'mixed+shift': 300 };

test('a member takes a pseudonym, changes it and gives it up', async () => {
  await expect(setPseudonym(null, slug, 'Zorro')).rejects.toMatchObject(refused(401));
  await expect(setPseudonym(cast.elsewhere, slug, 'Zorro')).rejects.toMatchObject(refused(403));
  await setPseudonym(cast.student, slug, '  El  Zorro ');
  expect(await pseudonymOf(cast.student)).toBe('El Zorro');
  await setPseudonym(cast.student, slug, 'el zorro');
  await setPseudonym(cast.student, slug, null);
  expect(await pseudonymOf(cast.student)).toBeNull();
});

test('nobody can be taken for somebody else', async () => {
  await setPseudonym(cast.student, slug, 'Zorro');
  await database().insert(rosterPlaces).values([
    { challengeId: challenge.id, email: 'ada@u.example', name: 'Ada Lovelace' },
    { challengeId: challenge.id, email: 'o@u.example', name: 'Own Name', claimedBy: cast.other.id },
  ]);
  await settings({ policy: { teamSize: 3 } });
  await createTeam(cast.student, slug, 'Alpha');
  for (const taken of ['ZORRO', cast.instructor.name, 'ada  lovelace', 'alpha']) {
    await expect(setPseudonym(cast.other, slug, taken)).rejects.toMatchObject(refused(409, /goes by/));
  }
  for (const wrong of ['', '12', 'x'.repeat(61), 'Zo\u200brro']) await expect(setPseudonym(cast.other, slug, wrong)).rejects.toMatchObject(refused(400));
  await setPseudonym(cast.other, slug, 'Own Name');
  const both = await Promise.allSettled([setPseudonym(cast.other, slug, 'Batman'), setPseudonym(cast.student, slug, 'batman')]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('where pseudonyms are not allowed none is taken, and none that was taken is lifted', async () => {
  await setPseudonym(cast.student, slug, 'Zorro');
  const { submissionId } = await evaluated(cast.student, challenge.id, all);
  await settings({ policy: { pseudonyms: false } });
  await expect(setPseudonym(cast.other, slug, 'Batman')).rejects.toMatchObject(refused(409, /own name/));
  expect((await rowOf(null, submissionId)).by).toBe('Zorro');
});

test('an instructor replaces an improper one by a neutral one, and so unmasks nobody', async () => {
  await setPseudonym(cast.student, slug, 'Something Rude');
  await expectOnlyStaff(cast, (viewer) => replacePseudonym(viewer, slug, cast.student.id));
  await replacePseudonym(cast.instructor, slug, cast.student.id);
  const neutral = await pseudonymOf(cast.student);
  expect(neutral).toMatch(/^Student \d{6}$/);
  await expect(replacePseudonym(cast.instructor, slug, cast.other.id)).rejects.toMatchObject(refused(409));
  const [act] = await database().select().from(auditLog).where(eq(auditLog.challengeId, challenge.id));
  expect(act).toMatchObject({ action: 'member.pseudonym', subject: cast.student.id, detail: { from: 'Something Rude', to: neutral } });
});

test('the board shows the pseudonym to everybody, and beside it the name to the staff and to oneself alone', async () => {
  await setPseudonym(cast.student, slug, 'Zorro');
  const { submissionId } = await evaluated(cast.student, challenge.id, all);
  const { name } = cast.student;
  for (const viewer of [null, cast.other, cast.elsewhere, { ...cast.instructor, asStudent: true }]) {
    expect(await rowOf(viewer, submissionId)).toMatchObject({ by: 'Zorro', person: null, mine: false, mayOpen: false });
  }
  expect(await rowOf(cast.student, submissionId)).toMatchObject({ by: 'Zorro', person: name, mine: true, mayOpen: true });
  for (const viewer of [cast.assistant, cast.instructor, cast.administrator]) {
    expect(await rowOf(viewer, submissionId)).toMatchObject({ by: 'Zorro', person: name, mine: false, mayOpen: true });
  }
  await setPseudonym(cast.student, slug, null);
  expect(await rowOf(cast.instructor, submissionId)).toMatchObject({ by: name, person: null });
});

test('a team stands under its name; its members open what was sent for it, and not what one of them had sent before', async () => {
  await settings({ policy: { teamSize: 3 } });
  await setPseudonym(cast.student, slug, 'Zorro');
  const before = await evaluated(cast.student, challenge.id, all);
  const teamId = await createTeam(cast.student, slug, 'Alpha');
  await database().update(members).set({ teamId }).where(and(eq(members.challengeId, challenge.id), eq(members.userId, cast.other.id)));
  const mine = { by: 'Alpha', person: cast.student.name, mine: true };
  expect(await rowOf(cast.other, before.submissionId)).toMatchObject({ ...mine, mayOpen: false });
  await expect(getSubmission(cast.other, before.submissionId)).rejects.toMatchObject(refused(404));
  expect(await rowOf(cast.student, before.submissionId)).toMatchObject({ ...mine, mayOpen: true });
  await database().update(submissions).set({ teamId }).where(eq(submissions.id, before.submissionId));
  expect(await rowOf(cast.other, before.submissionId)).toMatchObject({ ...mine, mayOpen: true });
  await expect(getSubmission(cast.other, before.submissionId)).resolves.toMatchObject({ id: before.submissionId });
  expect(await rowOf(null, before.submissionId)).toMatchObject({ by: 'Alpha', person: null, mine: false, mayOpen: false });
  expect(await rowOf(cast.assistant, before.submissionId)).toMatchObject({ by: 'Alpha', person: cast.student.name });
});

test('no answer to another student holds both, nor an id that would lead from one to the other', async () => {
  await settings({ policy: { teamSize: 3 } });
  const masked = await enrol(await person(), challenge.id);
  await setPseudonym(masked, slug, 'Zorro');
  const { submissionId } = await evaluated(masked, challenge.id, all);
  const own = await evaluated(cast.other, challenge.id, all, { name: 'mine' });
  const baseline = await evaluated(cast.instructor, challenge.id, all, { baseline: true });
  const { email, name, id } = await userOf(masked);

  await createTeam(cast.other, slug, 'Alpha');
  await inviteToTeam(cast.other, slug, email);
  await inviteToTeam(cast.other, slug, email);
  const answers = [
    await board(cast.other, slug), await board(null, slug),
    await compareSubmissions(cast.other, own.submissionId, baseline.submissionId),
    await getSubmission(cast.other, baseline.submissionId), await getSubmission(null, baseline.submissionId),
  ].map((answer) => JSON.stringify(answer));
  for (const answer of answers) for (const secret of [email, name, id]) expect(answer).not.toContain(secret);
  // The leader knows the address that they typed; what they are told of it is neither name nor pseudonym.
  const page = JSON.stringify(await teamPage(cast.other, slug));
  expect(page).toContain(email);
  for (const secret of ['Zorro', name]) expect(page).not.toContain(secret);
  for (const verb of [() => getSubmission(cast.other, submissionId), () => compareSubmissions(cast.other, own.submissionId, submissionId)]) {
    await expect(verb()).rejects.toMatchObject(refused(404));
  }
});
