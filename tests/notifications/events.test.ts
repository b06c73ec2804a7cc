// Which events tell whom: evaluations that end, and deadlines that come near.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { postAnnouncement } from '../../lib/challenges/announcements.ts';
import { revealPhase } from '../../lib/challenges/reveal.ts';
import { database } from '../../lib/db/client.ts';
import { challenges, evaluations, members, notifications, phases, regradeRequests, submissions, teams } from '../../lib/db/schema.ts';
import type { Failure } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { answerRegrade } from '../../lib/evaluations/answer-regrade.ts';
import { failEvaluation } from '../../lib/evaluations/fail.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { tell, type KindName } from '../../lib/notifications/kinds.ts';
import { remindOfDeadlines } from '../../lib/submissions/remind.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, partOf, person, submit } from '../evaluations/stage.ts';
import { evaluated, images, protocol } from '../leaderboard/stage.ts';
import { notificationsOf } from './stage.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const clean = parseProtocol({ name: 'clean', images: { split: 'test', size: images }, trials: [{ kind: 'mixed' }, { kind: 'clean' }] });

async function course(...students: Viewer[]) {
  const challenge = await challengeOf(clean);
  for (const student of students) await enrol(student, challenge.id);
  return challenge;
}

/** Lands every image of every trial. */
async function finish({ evaluationId }: { evaluationId: string }): Promise<void> {
  for (const [trialId, kind] of [['clean', 'clean'], ['mixed', 'mixed']] as const) {
    const asked = { evaluationId, trialId, trial: { kind }, start: 0, end: images, total: images, partSize: images };
    await landPart(asked as Parameters<typeof landPart>[0], partOf(trialId, 0, images), null);
  }
}

const texts = async (viewer: Viewer) =>
  (await notificationsOf(viewer)).map(({ kind, payload }) => ({ kind, ...tell(kind as KindName, payload) }));

const problem = { code: 'x', found: 'It is slow.', wanted: 'Wanted is 60 s.', fix: 'Make it smaller.' };
const studentsFault: Failure = { blame: 'student', problem };

describe('an evaluation that ends', () => {
  test('is told to its student once, with the score', async () => {
    const [student, other] = [await person(), await person()];
    const { id } = await course(student, other);
    const entered = await submit(student, id);
    await finish(entered);
    expect(await texts(student)).toEqual([
      {
        kind: 'evaluation-finished',
        subject: 'a model: evaluated',
        text: 'Your submission "a model" to A challenge has been evaluated. Accuracy on the mixed set: 100.00 %.',
        path: `/submissions/${entered.submissionId}`,
      },
    ]);
    expect(await notificationsOf(other)).toEqual([]);
  });

  test('is told to all mates of the team that handed it in', async () => {
    const [leader, mate, outsider] = [await person(), await person(), await person()];
    const { id } = await course(leader, mate, outsider);
    const [team] = await database().insert(teams).values({ challengeId: id, name: 'Team', leaderId: leader.id }).returning();
    for (const { id: userId } of [leader, mate]) {
      await database().update(members).set({ teamId: team.id }).where(eq(members.userId, userId));
    }
    const entered = await submit(mate, id);
    await database().update(submissions).set({ teamId: team.id }).where(eq(submissions.id, entered.submissionId));
    await failEvaluation(entered.evaluationId, studentsFault);
    for (const viewer of [leader, mate]) expect(await notificationsOf(viewer)).toMatchObject([{ kind: 'evaluation-failed' }]);
    expect(await notificationsOf(outsider)).toEqual([]);
  });

  test('badly says whose fault it was and what to do', async () => {
    const student = await person();
    const { id } = await course(student);
    const [theirs, ours] = [await submit(student, id), await submit(student, id)];
    await failEvaluation(theirs.evaluationId, studentsFault);
    await failEvaluation(theirs.evaluationId, studentsFault);
    await failEvaluation(ours.evaluationId, { blame: 'platform', message: 'The workers broke down.' });
    const [first, second, ...more] = await texts(student);
    expect(more).toEqual([]);
    expect(first.text).toContain('It is slow. Wanted is 60 s.\n\nWhat to do: Make it smaller.');
    expect(second.text).toContain('our fault, not your model\'s: The workers broke down.');
    expect(second.text).toContain('costs you nothing of your quota');
  });

  test('is told of to nobody when nobody waits for it: run again, in the final phase, or of a baseline', async () => {
    const student = await person();
    const { id } = await course(student);
    const [again, final, baseline] = [await submit(student, id), await submit(student, id), await submit(student, id)];
    await database().update(evaluations).set({ current: false }).where(eq(evaluations.id, again.evaluationId));
    const [phase] = (await database().select().from(phases).where(eq(phases.challengeId, id))).filter(({ kind }) => kind === 'final');
    await database().update(evaluations).set({ phaseId: phase.id }).where(eq(evaluations.id, final.evaluationId));
    await database().update(submissions).set({ baseline: true }).where(eq(submissions.id, baseline.submissionId));
    await finish(again);
    await finish(final);
    await failEvaluation(baseline.evaluationId, studentsFault);
    expect(await notificationsOf(student)).toEqual([]);
  });
});

describe('what staff do', () => {
  test('an announcement is told to everybody in the challenge but its author, and the final seed too, each once', async () => {
    const [teacher, assistant, student, outsider] = [await person('instructor'), await person(), await person(), await person()];
    const challenge = await challengeOf(protocol, teacher);
    await enrol(assistant, challenge.id, 'assistant');
    await enrol(student, challenge.id);
    await postAnnouncement(teacher, challenge.slug, { title: 'Lab moved', body: 'To room 5.' });
    const [opensAt, closesAt] = [new Date(Date.now() - 7_200_000), new Date(Date.now() - 3_600_000)];
    await database().update(challenges).set({ opensAt, closesAt }).where(eq(challenges.id, challenge.id));
    await revealPhase(teacher, challenge.slug, 'public');
    for (let times = 0; times < 2; times++) await revealPhase(teacher, challenge.slug, 'final', { anyway: true });
    const told = [{ kind: 'announcement', subject: 'A challenge: Lab moved' }, { kind: 'final-results' }];
    for (const viewer of [assistant, student]) expect(await texts(viewer)).toMatchObject(told);
    for (const viewer of [teacher, outsider]) expect(await notificationsOf(viewer)).toEqual([]);
  });

  test('an answer to a regrade request is told to whoever asked', async () => {
    const [teacher, student] = [await person('instructor'), await person()];
    const challenge = await challengeOf(protocol, teacher);
    await enrol(student, challenge.id);
    const { submissionId } = await submit(student, challenge.id);
    const row = { submissionId, userId: student.id, message: 'Please look again.' };
    const [{ id }] = await database().insert(regradeRequests).values(row).returning();
    await answerRegrade(teacher, id, { accept: false, answer: 'It is right as it is.' });
    const subject = 'a model: your regrade request was declined';
    const text = 'Your regrade request for "a model" in A challenge was declined.\n\nIt is right as it is.';
    expect(await texts(student)).toEqual([{ kind: 'regrade-answered', subject, text, path: `/submissions/${submissionId}` }]);
  });
});

describe('a deadline', () => {
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
  const closes = (id: string, closesAt: Date) =>
    database().update(challenges).set({ closesAt, timeZone: 'Europe/Berlin' }).where(eq(challenges.id, id));
  const reminders = async (viewer: Viewer) => (await texts(viewer)).filter(({ kind }) => kind === 'deadline-near');

  test('less than a day away is told once to each student, with whether they have submitted', async () => {
    const [done, idle, teacher] = [await person(), await person(), await person('instructor')];
    const challenge = await challengeOf(protocol);
    for (const student of [done, idle]) await enrol(student, challenge.id);
    await enrol(teacher, challenge.id, 'instructor');
    await evaluated(done, challenge.id, { mixed: 300, clean: 300, 'mixed+shift': 300 });
    await closes(challenge.id, hours(25));
    await remindOfDeadlines();
    expect(await notificationsOf(idle)).toEqual([]);
    await closes(challenge.id, new Date('2027-01-31T22:59:00Z'));
    const dayBefore = new Date('2027-01-31T02:00:00Z');
    await Promise.all([remindOfDeadlines(dayBefore), remindOfDeadlines(dayBefore)]);
    await remindOfDeadlines(dayBefore);
    const [toDone, toIdle] = [await reminders(done), await reminders(idle)];
    expect(toDone).toMatchObject([{ text: expect.stringContaining('has been evaluated and counts') }]);
    expect(toIdle).toMatchObject([{ text: expect.stringContaining('You have no evaluated submission yet') }]);
    expect(toIdle[0].subject).toBe('A challenge closes Sun, 31 Jan 2027, 23:59 CET (22:59 UTC)');
    expect(await notificationsOf(teacher)).toEqual([]);
  });

  test('is each student\'s own: one with an extension hears a day before that', async () => {
    const [common, extended] = [await person(), await person()];
    const challenge = await challengeOf(protocol);
    for (const student of [common, extended]) await enrol(student, challenge.id);
    await closes(challenge.id, hours(12));
    await database().update(members).set({ extendedUntil: hours(24 * 7) }).where(eq(members.userId, extended.id));
    await remindOfDeadlines();
    expect(await reminders(common)).toHaveLength(1);
    expect(await reminders(extended)).toEqual([]);
    await remindOfDeadlines(hours(24 * 6 + 1));
    expect(await reminders(extended)).toHaveLength(1);
    expect(await reminders(common)).toHaveLength(1);
  });

  test('of an archived challenge, or one that is over, is told to nobody', async () => {
    const student = await person();
    const [archived, over] = [await challengeOf(protocol), await challengeOf(protocol)];
    for (const { id } of [archived, over]) await enrol(student, id);
    await closes(archived.id, hours(1));
    await database().update(challenges).set({ archivedAt: new Date() }).where(eq(challenges.id, archived.id));
    await closes(over.id, hours(-1));
    await database().delete(notifications).where(eq(notifications.userId, student.id));
    await remindOfDeadlines();
    expect(await reminders(student)).toEqual([]);
  });
});
