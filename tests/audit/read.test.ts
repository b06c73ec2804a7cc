// Reading the audit log: by whom, filtered, and page by page while new entries come.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { record } from '../../lib/audit/record.ts';
import { entriesPerPage, readAuditLog } from '../../lib/audit/read.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { setDeadline } from '../../lib/challenges/close.ts';
import { database } from '../../lib/db/client.ts';
import { auditLog, users } from '../../lib/db/schema.ts';
import { auditOfChallenge, auditOfSite } from '../../lib/monitoring/audit.ts';
import { detailLines } from '../../app/ui/audit-table.tsx';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, person, submit } from '../evaluations/stage.ts';
import { protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
let teacher: Viewer;
let student: Viewer;
let challenge: { id: string; slug: string };
beforeAll(async () => {
  fresh = await freshDatabase();
  teacher = await person('instructor');
  student = await person();
  challenge = await challengeOf(protocol, teacher);
  await enrol(student, challenge.id);
});
afterAll(() => fresh.drop());

const soon = new Date(Date.now() + 3_600_000);
const write = (...acts: Parameters<typeof record>[2][]) =>
  database().transaction(async (tx) => {
    for (const action of acts) await record(tx, teacher, action, { challengeId: challenge.id, subject: student.id });
  });

describe('the log of a challenge', () => {
  test('is for its instructors, and of the site for administrators', async () => {
    const [assistant, elsewhere, administrator] = [await person(), await person('instructor'), await person('administrator')];
    await enrol(assistant, challenge.id, 'assistant');
    for (const viewer of [student, assistant, elsewhere, { ...administrator, asStudent: true }]) {
      await expect(auditOfChallenge(viewer, challenge.slug, {})).rejects.toMatchObject({ status: 403 });
      await expect(auditOfSite(viewer, {})).rejects.toMatchObject({ status: 403 });
    }
    await expect(auditOfChallenge(null, challenge.slug, {})).rejects.toMatchObject({ status: 401 });
    await expect(auditOfSite(null, {})).rejects.toMatchObject({ status: 401 });
    await expect(auditOfSite(teacher, {})).rejects.toMatchObject({ status: 403 });
    await expect(auditOfChallenge(teacher, 'no-such', {})).rejects.toMatchObject({ status: 404 });
    for (const viewer of [teacher, administrator]) expect((await auditOfChallenge(viewer, challenge.slug, {})).entries).toBeDefined();
    expect((await auditOfSite(administrator, {})).entries).toBeDefined();
  });

  test('says who did what to whom, as it was called then, and nothing of another challenge', async () => {
    await setDeadline(teacher, challenge.slug, soon);
    const other = await challengeOf(protocol, teacher);
    await setDeadline(teacher, other.slug, soon);
    const { submissionId } = await submit(student, challenge.id);
    const act = { challengeId: challenge.id, subject: submissionId };
    await database().transaction((tx) => record(tx, teacher, 'submission.disqualify', act));
    await write('member.extension');
    await database().update(users).set({ name: 'Renamed Teacher' }).where(eq(users.id, teacher.id));
    const { entries } = await readAuditLog({}, challenge.id);
    expect(entries).toMatchObject([
      { actor: teacher.name, action: 'member.extension', subject: { text: student.name, id: student.id, submission: false } },
      { action: 'submission.disqualify', subject: { text: 'a model', id: submissionId, submission: true } },
      { action: 'challenge.deadline', said: 'moved the deadline', subject: { text: challenge.slug }, challenge: { slug: challenge.slug } },
    ]);
    expect((await readAuditLog({})).entries).toHaveLength(4);
  });

  test('outlives the account that did it, under its name', async () => {
    const leaver = await person('instructor');
    await database().transaction((tx) => record(tx, leaver, 'challenge.pause', { challengeId: challenge.id }));
    await database().delete(users).where(eq(users.id, leaver.id));
    expect((await readAuditLog({ action: 'challenge.pause' }, challenge.id)).entries).toMatchObject([{ actor: leaver.name }]);
  });

  test('is filtered by act, by a group of acts, by who, to whom, and by day', async () => {
    const found = async (filter: object) => (await auditOfChallenge(teacher, challenge.slug, filter)).entries.map(({ action }) => action);
    expect(await found({ action: 'challenge.deadline' })).toEqual(['challenge.deadline']);
    expect(await found({ action: 'challenge.' })).toEqual(['challenge.pause', 'challenge.deadline']);
    expect(await found({ action: 'challenge' })).toEqual([]);
    expect(await found({ actor: teacher.name.toUpperCase(), action: 'member.' })).toEqual(['member.extension']);
    expect(await found({ actor: '%' })).toEqual([]);
    expect(await found({ subject: student.name })).toEqual(['member.extension']);
    expect(await found({ subject: 'a model' })).toEqual(['submission.disqualify']);
    const today = new Date().toISOString().slice(0, 10);
    expect(await found({ from: today, to: today })).toHaveLength(4);
    expect(await found({ from: '2100-01-01' })).toEqual([]);
    expect(await found({ to: '2000-01-01' })).toEqual([]);
    expect(await found({ from: 'yesterday', before: 'x', actor: ['a', 'b'] })).toHaveLength(4);
  });

  test('is read page by page, there and back, while new entries come', async () => {
    await database().delete(auditLog);
    await write(...Array<'member.quota'>(entriesPerPage * 2 + 10).fill('member.quota'));
    const first = await readAuditLog({}, challenge.id);
    await write('member.role');
    const second = await readAuditLog({ before: first.older! }, challenge.id);
    const third = await readAuditLog({ before: second.older! }, challenge.id);
    expect([first, second, third].map(({ entries }) => entries.length)).toEqual([entriesPerPage, entriesPerPage, 10]);
    expect([first.newer, third.older]).toEqual([null, null]);
    const ids = [first, second, third].flatMap(({ entries }) => entries.map(({ id }) => id));
    expect(new Set(ids).size).toBe(entriesPerPage * 2 + 10);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    const back = await readAuditLog({ after: third.newer! }, challenge.id);
    expect(back.entries.map(({ id }) => id)).toEqual(second.entries.map(({ id }) => id));
    const newest = await readAuditLog({ after: first.entries[0].id }, challenge.id);
    expect(newest).toMatchObject({ entries: [{ action: 'member.role' }], newer: null, older: expect.any(Number) });
  });
});

test('what changed is said as it was and as it is', () => {
  expect(detailLines({ from: 'student', to: 'assistant' })).toEqual(['student → assistant']);
  const edited = { title: { before: 'Old', after: 'New' }, closesAt: { before: null, after: '2027-01-31T22:59:00Z' }, anyway: true };
  expect(detailLines(edited)).toEqual(['title: Old → New', 'closesAt: none → 31 Jan 2027, 22:59 UTC', 'anyway: true']);
  expect(detailLines({ body: 'x'.repeat(300) })).toEqual([`body: ${'x'.repeat(200)} …`]);
  expect(detailLines({})).toEqual([]);
});
