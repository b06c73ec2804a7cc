// Disqualified submissions count nowhere until the decision is lifted, and a regrade request is asked once and answered once.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { setDeadline } from '../../lib/challenges/close.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, challenges, evaluations, phases, reevaluations, submissions } from '../../lib/db/schema.ts';
import { answerRegrade } from '../../lib/evaluations/answer-regrade.ts';
import { enterFinal } from '../../lib/evaluations/enter-final.ts';
import { board } from '../../lib/leaderboard/board.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { disqualify, reinstate } from '../../lib/submissions/disqualify.ts';
import { listRegrades, openRegrades, regradesOf, requestRegrade } from '../../lib/submissions/regrade.ts';
import { getSubmission } from '../../lib/submissions/read.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';
import { challengeOf, enrol, person } from './stage.ts';

let fresh: FreshDatabase;
let teacher: Viewer;
let assistant: Viewer;
let challenge: { id: string; slug: string };
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
});
beforeEach(async () => {
  challenge = await challengeOf(protocol, teacher);
  assistant = await enrol(await person(), challenge.id, 'assistant');
  await database().update(challenges).set({ opensAt: new Date(Date.now() - 60_000) }).where(eq(challenges.id, challenge.id));
});
afterAll(() => fresh.drop());

const outcomes = (mixed: number) => ({ mixed, clean: 300, 'mixed+shift': 300 });
async function names(phase: 'public' | 'final' = 'public'): Promise<string[]> {
  for (const { id } of await database().select().from(phases).where(eq(phases.challengeId, challenge.id))) await rankPhase(id);
  return (await board(null, challenge.slug, phase)).rows.map((row) => row.name);
}
const audited = async () =>
  (await database().select().from(auditLog).where(eq(auditLog.challengeId, challenge.id)).orderBy(auditLog.id)).map(({ action }) => action);

test('a disqualified submission gives way to the next best, its student reads why, and lifting it brings it back', async () => {
  const student = await person();
  const best = await evaluated(student, challenge.id, outcomes(390), { name: 'best' });
  await evaluated(student, challenge.id, outcomes(200), { name: 'second' });
  await evaluated(await person(), challenge.id, outcomes(300), { name: 'other' });
  expect(await names()).toEqual(['best', 'other']);
  await disqualify(teacher, best.submissionId, ' Trained on the test images. ');
  expect(await names()).toEqual(['other', 'second']);
  expect((await getSubmission(student, best.submissionId)).disqualified).toMatchObject({ reason: 'Trained on the test images.' });
  await expect(disqualify(teacher, best.submissionId, 'Again.')).rejects.toMatchObject({ status: 409 });

  await setDeadline(teacher, challenge.slug, new Date(Date.now() - 1000));
  expect(await enterFinal(teacher, challenge.slug)).toMatchObject({ entered: 2 });
  expect(await names('final')).toEqual(expect.arrayContaining(['second', 'other']));
  await reinstate(teacher, best.submissionId);
  await expect(reinstate(teacher, best.submissionId)).rejects.toMatchObject({ status: 409 });
  expect(await names()).toEqual(['best', 'other']);
  expect(await audited()).toEqual(['submission.disqualify', 'challenge.deadline', 'phase.final', 'submission.reinstate']);
});

test('what was disqualified after it had entered the final phase makes room there for the next best', async () => {
  const student = await person();
  const best = await evaluated(student, challenge.id, outcomes(390), { name: 'best' });
  await evaluated(student, challenge.id, outcomes(200), { name: 'second' });
  await setDeadline(teacher, challenge.slug, new Date(Date.now() - 1000));
  expect(await enterFinal(teacher, challenge.slug)).toMatchObject({ entered: 1, already: 0 });
  await disqualify(teacher, best.submissionId, 'Why.');
  expect(await enterFinal(teacher, challenge.slug)).toMatchObject({ entered: 1, already: 0 });
  expect(await names('final')).toEqual(['second']);
});

test('only an instructor of the challenge disqualifies, with a reason, and never a baseline', async () => {
  const student = await person();
  const { submissionId } = await evaluated(student, challenge.id, outcomes(200));
  const baseline = await evaluated(teacher, challenge.id, outcomes(100), { baseline: true });
  for (const [viewer, status] of [[null, 404], [await person(), 404], [await person('instructor'), 404], [student, 403], [assistant, 403]] as const) {
    await expect(disqualify(viewer, submissionId, 'Why.')).rejects.toMatchObject({ status });
    await expect(reinstate(viewer, submissionId)).rejects.toMatchObject({ status });
  }
  await expect(disqualify(teacher, submissionId, ' ')).rejects.toMatchObject({ status: 400 });
  await expect(disqualify(teacher, baseline.submissionId, 'Why.')).rejects.toMatchObject({ status: 409 });
  expect(await database().$count(submissions, eq(submissions.id, submissionId))).toBe(1);
  expect((await getSubmission(student, submissionId)).disqualified).toBeNull();
});

test('a regrade request: one open at a time, by its student, answered once by staff', async () => {
  const student = await person();
  const { submissionId } = await evaluated(student, challenge.id, outcomes(200), { name: 'mine' });
  const stranger = await enrol(await person(), challenge.id);
  for (const [viewer, status] of [[null, 401], [stranger, 404], [teacher, 403]] as const) {
    await expect(requestRegrade(viewer, submissionId, 'Look.')).rejects.toMatchObject({ status });
  }
  await expect(requestRegrade(student, submissionId, ' ')).rejects.toMatchObject({ status: 400 });
  const both = await Promise.allSettled([requestRegrade(student, submissionId, 'Please look.'), requestRegrade(student, submissionId, 'Please look.')]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await openRegrades(challenge.id)).toBe(1);
  const [open] = await listRegrades(assistant, challenge.slug);
  expect(open).toMatchObject({ submissionId, submission: 'mine', by: student.name, message: 'Please look.', status: 'open', answer: null });
  await expect(listRegrades(student, challenge.slug)).rejects.toMatchObject({ status: 403 });

  for (const viewer of [student, await person('instructor')]) {
    await expect(answerRegrade(viewer, open.id, { accept: true, answer: 'Yes.' })).rejects.toMatchObject({ status: 404 });
  }
  await expect(answerRegrade(assistant, open.id, { accept: true, answer: 'Yes.', runAgain: true })).rejects.toMatchObject({ status: 403 });
  await expect(answerRegrade(assistant, open.id, { accept: false, answer: '' })).rejects.toMatchObject({ status: 400 });
  expect(await answerRegrade(assistant, open.id, { accept: false, answer: 'All is well.' })).toBeNull();
  await expect(answerRegrade(assistant, open.id, { accept: true, answer: 'Yes.' })).rejects.toMatchObject({ status: 409 });

  const seen = await regradesOf(student, await getSubmission(student, submissionId));
  expect(seen).toMatchObject({ mayAsk: true, requests: [{ status: 'declined', answer: 'All is well.' }] });
  expect(await openRegrades(challenge.id)).toBe(0);
  const baseline = await evaluated(teacher, challenge.id, outcomes(100), { baseline: true });
  expect(await regradesOf(student, await getSubmission(student, baseline.submissionId))).toEqual({ requests: [], mayAsk: false });
  expect(await audited()).toEqual(['regrade.answer']);
});

test('an accepted request may run the submission again, in one transaction with its answer', async () => {
  const student = await person();
  const { submissionId } = await evaluated(student, challenge.id, outcomes(200));
  await requestRegrade(student, submissionId, 'Please.');
  const [{ id }] = await listRegrades(teacher, challenge.slug);
  await expect(answerRegrade(teacher, id, { accept: false, answer: 'No.', runAgain: true })).rejects.toMatchObject({ status: 400 });
  const set = await answerRegrade(teacher, id, { accept: true, answer: 'We run it again.', runAgain: true });
  const [again] = await database().select().from(evaluations).where(eq(evaluations.reevaluationId, set!));
  expect(again).toMatchObject({ submissionId, current: false });

  // The second one finds the submission in a running set: neither its answer nor another set is stored.
  await requestRegrade(student, submissionId, 'Once more.');
  const [{ id: second }] = await listRegrades(teacher, challenge.slug);
  await expect(answerRegrade(teacher, second, { accept: true, answer: 'Again.', runAgain: true })).rejects.toMatchObject({ status: 409 });
  expect((await listRegrades(teacher, challenge.slug))[0]).toMatchObject({ id: second, status: 'open' });
  expect(await database().$count(reevaluations)).toBe(1);
});
