// Which submission stands for whom: the best or the chosen, one of a student or team, of those who take part.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { getChallenge } from '../../lib/challenges/challenges.ts';
import { database } from '../../lib/db/client.ts';
import { challenges, members, submissions } from '../../lib/db/schema.ts';
import { enterFinal } from '../../lib/evaluations/enter-final.ts';
import { counted } from '../../lib/leaderboard/counted.ts';
import { chooseSubmission } from '../../lib/submissions/choose.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, ruled, teamOf } from '../evaluations/stage.ts';
import { evaluated, protocol } from './stage.ts';

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let student: Viewer;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  challenge = await challengeOf(protocol);
  student = await enrol(await person(), challenge.id);
});

const outcomes = (mixed: number) => ({ mixed, clean: 300, 'mixed+shift': 300 });
async function sent(viewer: Viewer, right: number, name: string, teamId: string | null = null): Promise<string> {
  const { submissionId } = await evaluated(viewer, challenge.id, outcomes(right), { name });
  await database().update(submissions).set({ teamId }).where(eq(submissions.id, submissionId));
  return submissionId;
}
async function standing() {
  const [{ id }] = (await getChallenge(challenge.slug)).phases;
  return counted(id, 'mixed');
}
const names = async () => (await standing()).map(({ name }) => name).toSorted();
const member = (viewer: Viewer) => and(eq(members.challengeId, challenge.id), eq(members.userId, viewer.id));

test('a team has one row, of what it sent and what its members had sent alone', async () => {
  const mate = await person();
  await sent(student, 300, 'before the team');
  const teamId = await teamOf(challenge.id, [student, mate], 'Weavers');
  await sent(mate, 200, 'of the team', teamId);
  expect(await standing()).toMatchObject([{ name: 'before the team', teamId, teamName: 'Weavers', userId: student.id, late: false }]);
  await sent(mate, 350, 'better', teamId);
  expect(await names()).toEqual(['better']);
  // Who leaves takes along what was sent alone, and the team keeps what was sent for it.
  await database().update(members).set({ teamId: null }).where(member(student));
  expect(await names()).toEqual(['before the team', 'better']);
  await database().delete(members).where(member(mate));
  expect(await names()).toEqual(['before the team']);
});

test('staff only try things, and who has left is gone; baselines stay', async () => {
  await sent(student, 300, 'mine');
  const assistant = await enrol(await person(), challenge.id, 'assistant');
  await sent(assistant, 390, 'a trial of the staff');
  const instructor = await enrol(await person(), challenge.id, 'instructor');
  await evaluated(instructor, challenge.id, outcomes(100), { name: 'baseline', baseline: true });
  expect(await names()).toEqual(['baseline', 'mine']);
  await database().delete(members).where(member(student));
  expect(await names()).toEqual(['baseline']);
});

test('the best counts, whatever was chosen, unless the challenge lets students choose', async () => {
  const [best, other] = [await sent(student, 300, 'best'), await sent(student, 200, 'other')];
  await expect(chooseSubmission(student, other)).rejects.toMatchObject({ status: 409, message: expect.stringContaining('best submission counts') });
  await ruled(challenge.id, { counted: 'chosen' });
  expect(await names()).toEqual(['best']);
  await chooseSubmission(student, other, new Date(Date.now() - 1000));
  expect(await names()).toEqual(['other']);
  await chooseSubmission(student, best);
  expect(await names()).toEqual(['best']);
  await chooseSubmission(student, other);
  await database().update(submissions).set({ disqualifiedAt: new Date(), disqualifiedReason: 'x' }).where(eq(submissions.id, other));
  expect(await names()).toEqual(['best']);
  await expect(chooseSubmission(student, other)).rejects.toMatchObject({ status: 409, message: expect.stringContaining('disqualified') });
  await ruled(challenge.id, { counted: 'best' });
  expect(await names()).toEqual(['best']);
});

test('its student and their team choose, and nobody else; only what has finished; until a day after the end', async () => {
  await ruled(challenge.id, { counted: 'chosen', lateHours: 2 });
  const [mate, stranger] = [await person(), await person()];
  const teamId = await teamOf(challenge.id, [student, mate]);
  const first = await sent(student, 300, 'first', teamId);
  const instructor = await enrol(await person(), challenge.id, 'instructor');
  await chooseSubmission(mate, first);
  await expect(chooseSubmission(stranger, first)).rejects.toMatchObject({ status: 404 });
  await expect(chooseSubmission(instructor, first)).rejects.toMatchObject({ status: 403 });
  const { submissionId: running } = await evaluated(student, challenge.id, {});
  await expect(chooseSubmission(student, running)).rejects.toMatchObject({ status: 409, message: expect.stringContaining('finished') });

  const closesAt = new Date(Date.now() + 3_600_000);
  await database().update(challenges).set({ closesAt }).where(eq(challenges.id, challenge.id));
  const end = closesAt.getTime() + 26 * 3_600_000;
  await chooseSubmission(student, first, new Date(end - 1));
  await expect(chooseSubmission(student, first, new Date(end))).rejects.toMatchObject({ status: 409, message: expect.stringContaining('time to choose ended') });
});

test('a team enters the final phase once, with what counted then, and nothing is chosen after', async () => {
  await ruled(challenge.id, { counted: 'chosen' });
  const instructor = await enrol(await person(), challenge.id, 'instructor');
  const mate = await person();
  const teamId = await teamOf(challenge.id, [student, mate]);
  const first = await sent(student, 300, 'first', teamId);
  const second = await sent(mate, 350, 'second', teamId);
  await chooseSubmission(student, first);
  const past = new Date(Date.now() - 1000);
  await database().update(challenges).set({ opensAt: new Date(past.getTime() - 1000), closesAt: past }).where(eq(challenges.id, challenge.id));
  expect(await enterFinal(instructor, challenge.slug)).toMatchObject({ entered: 1 });
  await expect(chooseSubmission(mate, second)).rejects.toMatchObject({ status: 409, message: expect.stringContaining('final phase has begun') });
  await database().update(submissions).set({ chosenAt: new Date() }).where(eq(submissions.id, second));
  expect(await enterFinal(instructor, challenge.slug)).toEqual({ entered: 0, already: 1, failed: 0 });
});
