// The people of a challenge: joining, leaving, their parts in it, what staff grant them and note of them.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { setExtension, setExtraSuccesses } from '../../lib/challenges/extensions.ts';
import { doorOf, joinChallenge } from '../../lib/challenges/join.ts';
import { leaveChallenge, removeMember, setRole } from '../../lib/challenges/members.ts';
import { addNote, deleteNote, listNotes } from '../../lib/challenges/notes.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, challenges, members, phases } from '../../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';
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
const memberOf = async ({ id }: Viewer) => (await database().select().from(members).where(and(eq(members.challengeId, challenge.id), eq(members.userId, id))))[0];
const acts = async () => (await database().select().from(auditLog).where(eq(auditLog.challengeId, challenge.id)).orderBy(auditLog.id)).map(({ action, actorId, subject }) => [action, actorId, subject]);
const nobody = '00000000-0000-4000-8000-000000000000';

test('a public challenge is joined by a button, one for members by its code and not without', async () => {
  const [one, two] = [await person(), await person()];
  await expect(joinChallenge(null, slug)).rejects.toMatchObject(refused(401));
  await expect(joinChallenge(one, 'no-such')).rejects.toMatchObject(refused(404));
  await joinChallenge(one, slug);
  await joinChallenge(one, slug);
  expect(await memberOf(one)).toMatchObject({ role: 'student', teamId: null, extraSuccesses: 0 });

  await settings({ visibility: 'members', joinCode: 'QWER-TYUI' });
  await expect(joinChallenge(two, slug)).rejects.toMatchObject(refused(403, /code that your instructor gave you/));
  await expect(joinChallenge(two, slug, 'QWER-TYUO')).rejects.toMatchObject(refused(403, /fits nothing/));
  await joinChallenge(two, slug, 'qwertyui ');
  expect((await memberOf(two)).role).toBe('student');
  await settings({ joinCode: null });
  await expect(joinChallenge(await person(), slug, '')).rejects.toMatchObject(refused(403));
  await joinChallenge(cast.instructor, slug).catch(() => {});
  expect((await memberOf(cast.instructor)).role).toBe('instructor');
});

test('codes cannot be guessed: after ten wrong ones not even the right one opens', async () => {
  await settings({ visibility: 'members', joinCode: 'QWERTYUI' });
  const guesser = await person();
  for (let i = 0; i < 10; i++) await expect(joinChallenge(guesser, slug, `GUESS${i}`)).rejects.toMatchObject(refused(403));
  await expect(joinChallenge(guesser, slug, 'QWERTYUI')).rejects.toMatchObject(refused(429, /quarter of an hour/));
  await joinChallenge(await person(), slug, 'QWERTYUI');
});

test('the door shows of a challenge for members no more than its name', async () => {
  await settings({ visibility: 'members', joinCode: 'ASDFGHJK', rules: 'secret rules' });
  await expect(doorOf(null, slug)).rejects.toMatchObject(refused(401));
  await expect(doorOf(cast.student, 'no-such')).rejects.toMatchObject(refused(404));
  const door = await doorOf(await person(), slug);
  expect(door).toEqual({ slug, title: 'A challenge', description: '', visibility: 'members', archived: false, standing: 'visitor' });
});

test('nobody joins what is archived', async () => {
  await settings({ archivedAt: new Date() });
  await expect(joinChallenge(await person(), slug)).rejects.toMatchObject(refused(409, /archived/));
});

test('only who has not submitted leaves, and no challenge is left without an instructor', async () => {
  await expect(leaveChallenge(null, slug)).rejects.toMatchObject(refused(401));
  await expect(leaveChallenge(await person(), slug)).rejects.toMatchObject(refused(403));
  await leaveChallenge(cast.other, slug);
  expect(await memberOf(cast.other)).toBeUndefined();
  await submit(cast.student, challenge.id);
  await expect(leaveChallenge(cast.student, slug)).rejects.toMatchObject(refused(409, /You have submitted/));
  await expect(removeMember(cast.instructor, slug, cast.student.id)).rejects.toMatchObject(refused(409, /Disqualify/));
  await expect(leaveChallenge(cast.instructor, slug)).rejects.toMatchObject(refused(409, /at least one instructor/));
  await expect(removeMember(cast.administrator, slug, cast.instructor.id)).rejects.toMatchObject(refused(409));
  await expect(setRole(cast.instructor, slug, cast.instructor.id, 'student')).rejects.toMatchObject(refused(409));
  await setRole(cast.instructor, slug, cast.assistant.id, 'instructor');
  await expect(leaveChallenge({ ...cast.instructor, asStudent: true }, slug)).rejects.toMatchObject(refused(409, /as a student/));
  await leaveChallenge(cast.instructor, slug);
  expect(await memberOf(cast.instructor)).toBeUndefined();
});

test('two instructors cannot take each other’s part at once', async () => {
  const second = await enrol(await person(), challenge.id, 'instructor');
  const done = await Promise.allSettled([
    setRole(cast.instructor, slug, second.id, 'student'), setRole(second, slug, cast.instructor.id, 'student'),
  ]);
  expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await database().$count(members, and(eq(members.challengeId, challenge.id), eq(members.role, 'instructor')))).toBe(1);
});

test('parts are changed and members removed by an instructor of the challenge alone, and it is written down', async () => {
  await expectOnlyStaff(cast, (viewer) => setRole(viewer, slug, cast.student.id, 'instructor'));
  await expectOnlyStaff(cast, (viewer) => removeMember(viewer, slug, cast.student.id));
  for (const wrong of [nobody, 'no-uuid', cast.elsewhere.id]) {
    await expect(setRole(cast.instructor, slug, wrong, 'assistant')).rejects.toMatchObject(refused(404));
    await expect(removeMember(cast.instructor, slug, wrong)).rejects.toMatchObject(refused(404));
  }
  await setRole(cast.instructor, slug, cast.student.id, 'assistant');
  await setRole(cast.instructor, slug, cast.student.id, 'assistant');
  await removeMember(cast.administrator, slug, cast.other.id);
  expect(await memberOf(cast.student)).toMatchObject({ role: 'assistant' });
  expect(await acts()).toEqual([['member.role', cast.instructor.id, cast.student.id], ['member.remove', cast.administrator.id, cast.other.id]]);
});

test('an extension is later than the deadline, an instructor’s to give, and over once a seed is known', async () => {
  const closesAt = new Date(Date.now() + 3_600_000);
  const later = new Date(closesAt.getTime() + 3_600_000);
  await expectOnlyStaff(cast, (viewer) => setExtension(viewer, slug, cast.student.id, later));
  await expectOnlyStaff(cast, (viewer) => setExtraSuccesses(viewer, slug, cast.student.id, 5));
  await expect(setExtension(cast.instructor, slug, cast.student.id, later)).rejects.toMatchObject(refused(409, /no deadline/));
  await settings({ closesAt });
  await expect(setExtension(cast.instructor, slug, cast.student.id, closesAt)).rejects.toMatchObject(refused(400, /ends after the deadline/));
  await expect(setExtension(cast.instructor, slug, cast.elsewhere.id, later)).rejects.toMatchObject(refused(404));
  await setExtension(cast.instructor, slug, cast.student.id, later);
  expect((await memberOf(cast.student)).extendedUntil).toEqual(later);
  expect((await memberOf(cast.other)).extendedUntil).toBeNull();

  for (const wrong of [-1, 1.5, 1001, Number.NaN]) await expect(setExtraSuccesses(cast.instructor, slug, cast.student.id, wrong)).rejects.toMatchObject(refused(400));
  await setExtraSuccesses(cast.instructor, slug, cast.student.id, 5);
  expect((await memberOf(cast.student)).extraSuccesses).toBe(5);

  await database().update(phases).set({ revealedAt: new Date() }).where(eq(phases.challengeId, challenge.id));
  await expect(setExtension(cast.instructor, slug, cast.other.id, later)).rejects.toMatchObject(refused(409, /revealed/));
  await setExtension(cast.instructor, slug, cast.student.id, null);
  expect((await memberOf(cast.student)).extendedUntil).toBeNull();
  expect((await acts()).map(([action]) => action)).toEqual(['member.extension', 'member.quota', 'member.extension']);
});

test('notes are the staff’s: written and read by them alone, deleted by their author or an instructor', async () => {
  const { submissionId } = await submit(cast.student, challenge.id);
  const about = { userId: cast.student.id };
  await expectOnlyStaff(cast, (viewer) => addNote(viewer, slug, about, 'x'), 'assistant');
  await expectOnlyStaff(cast, (viewer) => listNotes(viewer, slug, about), 'assistant');
  await expectOnlyStaff(cast, (viewer) => listNotes(viewer, slug, { submissionId }), 'assistant');
  await expectOnlyStaff(cast, (viewer) => deleteNote(viewer, slug, nobody), 'assistant');

  for (const wrong of ['  ', 'x'.repeat(5001)]) await expect(addNote(cast.assistant, slug, about, wrong)).rejects.toMatchObject(refused(400));
  await expect(addNote(cast.assistant, slug, { userId: cast.elsewhere.id }, 'x')).rejects.toMatchObject(refused(404));
  await expect(addNote(cast.assistant, slug, { submissionId: nobody }, 'x')).rejects.toMatchObject(refused(404));
  const elsewhere = await challengeOf(protocol, cast.instructor);
  await expect(addNote(cast.instructor, elsewhere.slug, { submissionId }, 'x')).rejects.toMatchObject(refused(404));

  await addNote(cast.instructor, slug, about, ' Spoke with them. ');
  await addNote(cast.assistant, slug, { submissionId }, 'Looks copied.');
  const all = await listNotes(cast.assistant, slug, about);
  expect(all.map(({ body, by, submission, mayDelete }) => ({ body, by, submission, mayDelete }))).toEqual([
    { body: 'Looks copied.', by: cast.assistant.name, submission: { id: submissionId, name: 'a model' }, mayDelete: true },
    { body: 'Spoke with them.', by: cast.instructor.name, submission: null, mayDelete: false },
  ]);
  expect((await listNotes(cast.instructor, slug, { submissionId })).map(({ body, mayDelete }) => [body, mayDelete])).toEqual([['Looks copied.', true]]);
  expect(await listNotes(cast.instructor, elsewhere.slug, about)).toEqual([]);

  await expect(deleteNote(cast.assistant, slug, all[1].id)).rejects.toMatchObject(refused(403));
  await expect(deleteNote(cast.instructor, elsewhere.slug, all[1].id)).rejects.toMatchObject(refused(404));
  await deleteNote(cast.instructor, slug, all[1].id);
  await deleteNote(cast.instructor, slug, all[0].id);
  await expect(deleteNote(cast.instructor, slug, all[0].id)).rejects.toMatchObject(refused(404));
  expect(await listNotes(cast.instructor, slug, about)).toEqual([]);
  expect((await acts()).filter(([action]) => action === 'note.delete')).toHaveLength(1);
});
