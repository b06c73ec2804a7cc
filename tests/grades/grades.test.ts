// Grades of a class against Postgres: who is graded by what, who may know it, and files that are read back as a grade book reads them.
import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, challenges, rosterPlaces, submissions, users } from '../../lib/db/schema.ts';
import { exportColumns } from '../../lib/grades/columns.ts';
import { exportBoard, exportGrades } from '../../lib/grades/export.ts';
import { gradesOf, saveRule } from '../../lib/grades/grades.ts';
import { parseRule } from '../../lib/grades/rule.ts';
import { rankPhase } from '../../lib/leaderboard/rank.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

const rule = { phase: 'public', scale: { kind: 'thresholds', between: 'step', steps: [{ from: 0, grade: 10 }, { from: 50, grade: 60 }, { from: 90, grade: 100 }] } };
const all = (right: number) => ({ mixed: right, clean: right, 'mixed+shift': right - 4 });

let fresh: FreshDatabase;
let [teacher, strong, weak, idle]: Viewer[] = [];
let slug: string;
let challengeId: string;
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
  [strong, weak, idle] = await Promise.all([person(), person(), person()]);
  ({ slug, id: challengeId } = await challengeOf(protocol, teacher));
  for (const student of [strong, weak, idle]) await enrol(student, challengeId);
  await evaluated(strong, challengeId, all(380), { name: '=HYPERLINK("http://evil")' });
  const { submissionId } = await evaluated(weak, challengeId, all(200));
  await evaluated(teacher, challengeId, all(399), { baseline: true, name: 'reference' });
  const closesAt = new Date(Date.now() + 1000);
  await database().update(challenges).set({ closesAt, policy: { latePenaltyPerDay: 50 } }).where(eq(challenges.id, challengeId));
  await database().update(submissions).set({ requestedAt: new Date(closesAt.getTime() + 60_000) }).where(eq(submissions.id, submissionId));
  await database().insert(rosterPlaces).values([
    { challengeId, email: 'absent@uni.test', name: 'Absent, "Ann"', studentNumber: '007' },
    { challengeId, email: 'strong@uni.test', name: '+Strong', studentNumber: '042', section: 'B', claimedBy: strong.id },
  ]);
  const [{ phases }] = [await (await import('../../lib/challenges/challenges.ts')).getChallenge(slug)];
  await rankPhase(phases[0].id);
});
afterAll(() => fresh.drop());

const gradeBy = async (preview?: ReturnType<typeof parseRule>) =>
  Object.fromEntries((await gradesOf(teacher, slug, preview)).rows.map(({ email, grade, daysLate, rank }) => [email, { grade, daysLate, rank }]));
const emailOf = async (viewer: Viewer) => (await database().select().from(users).where(eq(users.id, viewer.id)))[0].email;

test('without a rule nobody has a grade and none can be exported', async () => {
  expect((await gradesOf(teacher, slug)).rows.map(({ grade }) => grade)).toEqual([null, null, null, null]);
  await expect(exportGrades(teacher, slug, 'canvas')).rejects.toMatchObject({ status: 409 });
});

test('a rule can be tried out without being kept; it is the staff who see, and an instructor who keeps it', async () => {
  await gradeBy(parseRule({ ...rule, scale: { kind: 'curve', steps: [{ top: 50, grade: 100 }] } }));
  expect((await gradesOf(teacher, slug)).saved).toBeNull();
  const assistant = await enrol(await person(), challengeId, 'assistant');
  expect((await gradesOf(assistant, slug)).rows).toHaveLength(4);
  for (const viewer of [strong, await person('instructor')]) await expect(gradesOf(viewer, slug)).rejects.toMatchObject({ status: 403 });
  await expect(gradesOf(null, slug)).rejects.toMatchObject({ status: 401 });
  for (const viewer of [strong, assistant]) await expect(saveRule(viewer, slug, rule)).rejects.toMatchObject({ status: 403 });
  await expect(saveRule(teacher, slug, { scale: 7 })).rejects.toMatchObject({ status: 400 });
  await saveRule(teacher, slug, rule);
  const [kept] = await database().select().from(auditLog).where(eq(auditLog.action, 'grades.rule'));
  expect(kept).toMatchObject({ actorId: teacher.id, challengeId });
});

test('everybody is graded by what counts: late ones less, the absent by nothing, baselines not at all', async () => {
  expect(await gradeBy()).toEqual({
    'strong@uni.test': { grade: 100, daysLate: 0, rank: expect.any(Number) },
    [await emailOf(weak)]: { grade: 30, daysLate: 1, rank: expect.any(Number) },
    [await emailOf(idle)]: { grade: 0, daysLate: 0, rank: null },
    'absent@uni.test': { grade: 0, daysLate: 0, rank: null },
  });
  // A curve counts students: the baseline that stands before them all takes nobody's place.
  const curve = parseRule({ phase: 'public', scale: { kind: 'curve', steps: [{ top: 10, grade: 100 }, { top: 100, grade: 60 }] } });
  const by = await gradeBy(curve);
  expect([by['strong@uni.test'].grade, by[await emailOf(weak)].grade]).toEqual([100, 30]);
});

test('Canvas and Moodle files have the heads that their importers ask for, and no cell is a formula', async () => {
  const canvas = parse((await exportGrades(teacher, slug, 'canvas')).text, { bom: true }) as string[][];
  expect(canvas.slice(0, 2)).toEqual([
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', 'A challenge'],
    ['    Points Possible', '', '', '', '', '100'],
  ]);
  expect(canvas).toContainEqual(["'+Strong", '', '042', 'strong@uni.test', 'B', '100']);
  const moodle = parse((await exportGrades(teacher, slug, 'moodle')).text, { bom: true, columns: true }) as Record<string, string>[];
  expect(moodle).toHaveLength(4);
  expect(moodle).toContainEqual({
    'Email address': 'absent@uni.test', 'ID number': '007', 'A challenge': '0', 'A challenge (feedback)': 'Nothing submitted that counts.',
  });
});

test('the board is exported with every number and its interval, as documented', async () => {
  const file = await exportBoard(teacher, slug, 'public', 'csv');
  const rows = parse(file.text, { bom: true, columns: true }) as Record<string, string>[];
  expect(Object.keys(rows[0])).toEqual(['student', 'email', 'student_number', 'section', ...exportColumns.map(({ name }) => name)]);
  const row = rows.find((one) => one.email === 'strong@uni.test')!;
  expect(row).toMatchObject({ submission: `'=HYPERLINK("http://evil")`, mixed: '0.95', mixed_images: '400', clean: '0.95', best_tta: 'shift' });
  expect(Number(row.mixed_low)).toBeLessThan(0.95);
  // Numbers below zero are numbers, not text that was made harmless.
  expect(row.best_tta_gain).toBe('-0.01');
  expect(rows.find((one) => one.baseline === '1')).toMatchObject({ submission: 'reference', email: '' });
  const json = JSON.parse((await exportBoard(teacher, slug, 'public', 'json')).text) as unknown[];
  expect(json).toHaveLength(3);
  for (const viewer of [strong, null]) await expect(exportBoard(viewer, slug, 'public', 'csv')).rejects.toThrow();
});

test('docs/grades.md says what each column is', async () => {
  const text = await readFile(new URL('../../docs/grades.md', import.meta.url), 'utf8');
  for (const { name, says } of exportColumns) expect(text, name).toContain(`| \`${name}\` | ${says} |`);
});
