// From upload to queue: drafts, confirming them, who may see what, and how many may wait.
import { readFile } from 'node:fs/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { drafts, evaluations, shards, submissions } from '../../lib/db/schema.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { policyOf } from '../../lib/challenges/policy.ts';
import { limits } from '../../lib/limits.ts';
import { encodeModel } from '../../lib/onnx/codec.ts';
import { shardJobSchema, shardsIn } from '../../lib/queue/jobs.ts';
import { submitBaseline } from '../../lib/submissions/baseline.ts';
import { confirmDraft } from '../../lib/submissions/confirm.ts';
import { changeDraft, createDraft, getDraft, waitingDrafts, type Upload } from '../../lib/submissions/drafts.ts';
import { earlierOf, enteredFrom } from '../../lib/submissions/handed-in.ts';
import { expireDrafts } from '../../lib/submissions/expire.ts';
import { listSubmissions } from '../../lib/submissions/list.ts';
import { getSubmission, openFile } from '../../lib/submissions/read.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, linearModel, person, submit } from '../evaluations/stage.ts';

let fresh: FreshDatabase;
let challenge: { id: string; slug: string };
let student: Viewer;
let model: Uint8Array;

beforeAll(async () => {
  fresh = await freshDatabase();
  challenge = await challengeOf(protocols.quick);
  student = await person();
  model = await readFile('lib/baselines/linear.onnx');
});
afterAll(() => fresh.drop());

async function* upload(...files: [string, Uint8Array][]): Upload {
  for (const [name, bytes] of files) yield { name, content: (async function* () { yield bytes; })() };
}
const draftOf = (viewer: Viewer | null, bytes: Uint8Array = model, slug = challenge.slug) =>
  createDraft(viewer, slug, upload(['C:\\work\\model.onnx', bytes]));
const manyFiles = Array.from({ length: limits.uploadFiles + 1 }, (): [string, Uint8Array] => ['m', new Uint8Array(9)]);

describe('drafts', () => {
  test('a good model becomes a draft with its report', async () => {
    const draft = await draftOf(student);
    expect(draft).toMatchObject({ problem: null, files: [{ name: 'model.onnx', bytes: model.length }], report: { parameters: 7850 } });
    expect(await getDraft(student, draft.id)).toEqual(draft);
  });

  test('a bad one becomes a draft with its problem, and cannot be confirmed', async () => {
    const draft = await draftOf(student, Buffer.from('this is no model'));
    expect(draft.report).toBeNull();
    expect(draft.problem).toMatchObject({ found: expect.any(String), wanted: expect.any(String), fix: expect.any(String) });
    await expect(confirmDraft(student, draft.id, { name: 'x' })).rejects.toMatchObject({ status: 409 });
  });

  test('nobody else sees it, and it is gone after its time', async () => {
    const draft = await draftOf(student);
    await expect(getDraft(await person(), draft.id)).rejects.toMatchObject({ status: 404 });
    await expect(getDraft(null, draft.id)).rejects.toMatchObject({ status: 401 });
    await database().update(drafts).set({ expiresAt: new Date(Date.now() - 1000) }).where(eq(drafts.id, draft.id));
    await expect(getDraft(student, draft.id)).rejects.toMatchObject({ status: 404 });
    const late = { status: 404, message: expect.stringMatching(/24 hours/) };
    await expect(confirmDraft(student, draft.id, { name: 'x' })).rejects.toMatchObject(late);
    expect(await expireDrafts()).toBe(1);
  });

  test.each([
    ['signed out', () => draftOf(null), 401],
    ['in no challenge', () => createDraft(student, 'nowhere', upload(['m.onnx', model])), 404],
    ['without a file', () => createDraft(student, challenge.slug, upload()), 400],
    ['of too many files', () => createDraft(student, challenge.slug, upload(...manyFiles)), 400],
  ])('an upload %s is refused', async (_, attempt, status) => {
    await expect(attempt()).rejects.toMatchObject({ status });
  });

  test('looked into again with other pixels it stays the same draft with its place before a deadline', async () => {
    const draft = await draftOf(student);
    const changed = await changeDraft(student, draft.id, { scaling: { scale: 255, mean: 0, deviation: 1 } });
    expect(changed).toMatchObject({ id: draft.id, begunAt: draft.begunAt, expiresAt: draft.expiresAt, report: { scaling: { scale: 255 } } });
    expect(changed.modelSha256).not.toBe(draft.modelSha256);
    const unfit = changeDraft(student, draft.id, { layout: 'N,784' });
    await expect(unfit).rejects.toMatchObject({ problem: { code: 'input-shape' } });
    expect(await getDraft(student, draft.id)).toMatchObject({ problem: null, report: { layout: 'N,1,28,28', scaling: { scale: 255 } } });
    await expect(changeDraft(await person(), draft.id, {})).rejects.toMatchObject({ status: 404 });
  });

  test('file names are kept as far as a file can be called so', async () => {
    const names = ['../../etc/passwd', 'model\u202exnno.exe', '\0\r\n', `${'🦄'.repeat(500)}x`];
    const draft = await createDraft(student, challenge.slug, upload(...names.map((name): [string, Uint8Array] => [name, model])));
    expect(draft.files.map(({ name }) => name)).toEqual(['passwd', 'modelxnno.exe', 'model', `${'🦄'.repeat(99)}x`]);
  });

  test('a person keeps so many drafts and no more', async () => {
    const hoarder = await person();
    const [{ id }] = await database().insert(drafts).values(
      Array.from({ length: limits.draftsPerStudent }, (_, i) => ({
        userId: hoarder.id, challengeId: challenge.id, files: [], problem: { code: 'x', found: 'x', wanted: 'x', fix: 'x' },
        createdAt: new Date(Date.now() - 100_000 + i), expiresAt: new Date(Date.now() + 100_000),
      })),
    ).returning({ id: drafts.id });
    await draftOf(hoarder);
    expect(await database().$count(drafts, eq(drafts.userId, hoarder.id))).toBe(limits.draftsPerStudent);
    await expect(getDraft(hoarder, id)).rejects.toMatchObject({ status: 404 });
  });
});

describe('confirming', () => {
  test('makes submission, evaluation, shards and jobs, without a seed in any job', async () => {
    const draft = await draftOf(student);
    const { submissionId, evaluationId } = await confirmDraft(student, draft.id, { name: '  my first  ' });
    const evaluation = { id: evaluationId, status: 'queued' };
    expect(await getSubmission(student, submissionId)).toMatchObject({ name: 'my first', evaluation });
    const rows = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId));
    expect(new Set(rows.map((row) => row.trialId)).size).toBe(protocols.quick.trials.length);

    const jobs = await rawSql()`
      select j.payload, j.priority, j.max_attempts from graphile_worker._private_jobs j
      join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'evaluate-shard' order by j.priority, j.run_at`;
    const [{ seed }] = await rawSql()`
      select encode(seed, 'hex') as seed from phases where challenge_id = ${challenge.id} and kind = 'public'`;
    expect(JSON.stringify(jobs)).not.toContain(seed);
    const ordinals = jobs.flatMap(({ payload }) => shardsIn(shardJobSchema.parse(payload)).map(({ shardId }) => rows.find((row) => row.id === shardId)?.ordinal));
    expect(ordinals).toEqual(rows.map((_, i) => i));
    expect(jobs[0].max_attempts).toBeGreaterThan(10_000);
  });

  test('keeps what its student says of it', async () => {
    const [said, silent, long] = [await draftOf(student), await draftOf(student), await draftOf(student)];
    const { submissionId } = await confirmDraft(student, said.id, { name: 'with words', comment: ' dropout 0.3\n' });
    expect(await getSubmission(student, submissionId)).toMatchObject({ comment: 'dropout 0.3' });
    const none = await confirmDraft(student, silent.id, { name: 'without', comment: '  ' });
    expect(await getSubmission(student, none.submissionId)).toMatchObject({ comment: null });
    await expect(confirmDraft(student, long.id, { name: 'x', comment: 'x'.repeat(1001) })).rejects.toMatchObject({ status: 400 });
  });

  test('those that wait are the viewer’s own of the challenge that can be submitted', async () => {
    const me = await person();
    const draft = await draftOf(me);
    await draftOf(me, Buffer.from('this is no model'));
    expect((await waitingDrafts(me, challenge.id)).map(({ id }) => id)).toEqual([draft.id]);
    expect(await waitingDrafts(await person(), challenge.id)).toEqual([]);
    await confirmDraft(me, draft.id, { name: 'gone' });
    expect(await waitingDrafts(me, challenge.id)).toEqual([]);
  });

  test('what was handed in already is known by its files and by its model, to whom it belongs', async () => {
    const me = await person();
    const first = await draftOf(me);
    expect(await earlierOf(me, first)).toEqual([]);
    const { submissionId } = await confirmDraft(me, first.id, { name: 'once' });
    expect(await enteredFrom(me, first.id)).toEqual({ id: submissionId, name: 'once' });
    expect(await enteredFrom(await person(), first.id)).toBeNull();
    const again = await draftOf(me);
    expect(await earlierOf(me, again)).toMatchObject([{ id: submissionId, name: 'once', same: 'model' }]);
    const fedOtherwise = await changeDraft(me, again.id, { scaling: { scale: 255, mean: 0, deviation: 1 } });
    expect(await earlierOf(me, fedOtherwise)).toMatchObject([{ id: submissionId, same: 'files' }]);
    expect(await earlierOf(await person(), again)).toEqual([]);
  });

  test('twice, at once and later, gives one submission', async () => {
    const draft = await draftOf(student);
    const both = await Promise.all([1, 2, 3].map(() => confirmDraft(student, draft.id, { name: 'double click' })));
    both.push(await confirmDraft(student, draft.id, { name: 'later' }));
    expect(new Set(both.map((one) => one.submissionId)).size).toBe(1);
    expect(await database().$count(submissions, eq(submissions.draftId, draft.id))).toBe(1);
  });

  test('declares a policy of the protocol, or none', async () => {
    const protocol: Protocol = { ...protocols.quick, trials: [{ kind: 'mixed' }, { kind: 'mixed', tta: { policy: 'shift' } }] };
    const { slug } = await challengeOf(protocol);
    const draft = await draftOf(student, model, slug);
    const refused = { status: 400, message: expect.stringContaining('null or one of shift') };
    await expect(confirmDraft(student, draft.id, { name: 'x', declaredTta: 'sum' })).rejects.toMatchObject(refused);
    const { submissionId } = await confirmDraft(student, draft.id, { name: 'x', declaredTta: 'shift' });
    const [row] = await database().select().from(submissions).where(eq(submissions.id, submissionId));
    expect(row.declaredTta).toBe('shift');
  });

  test('under a name that is empty, blank or too long is refused', async () => {
    const draft = await draftOf(student);
    for (const name of ['', ' '.repeat(5), 'x'.repeat(101)]) {
      await expect(confirmDraft(student, draft.id, { name })).rejects.toMatchObject({ status: 400 });
    }
  });

  test("of another's draft, or of no draft, is refused", async () => {
    const draft = await draftOf(student);
    await expect(confirmDraft(await person(), draft.id, { name: 'x' })).rejects.toMatchObject({ status: 404 });
    await expect(confirmDraft(await person('instructor'), draft.id, { name: 'x' })).rejects.toMatchObject({ status: 404 });
    await expect(confirmDraft(student, 'undefined', { name: 'x' })).rejects.toMatchObject({ status: 404 });
    await expect(confirmDraft(null, draft.id, { name: 'x' })).rejects.toMatchObject({ status: 401 });
  });

  test('outside the open time is refused, with the times', async () => {
    const closed = await challengeOf(protocols.quick);
    const draft = await createDraft(student, closed.slug, upload(['m.onnx', model]));
    await rawSql()`update challenges set closes_at = '2020-01-02T03:04:05Z' where id = ${closed.id}`;
    const refused = { status: 403, message: expect.stringContaining('closed at 2 Jan 2020, 03:04 UTC') };
    await expect(confirmDraft(student, draft.id, { name: 'x' })).rejects.toMatchObject(refused);
  });

  const most = policyOf({}).concurrent;
  test('beyond the limit is refused with numbers, and a headline never waits behind the rest', async () => {
    const eager = await person();
    const seen: { headline: number; rest: number }[] = [];
    for (let i = 0; i < most; i++) {
      const { evaluationId } = await submit(eager, challenge.id);
      const rows = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId));
      const of = (headline: boolean) => rows.filter((row) => row.headline === headline).map((row) => row.priority);
      expect(new Set(of(false)).size).toBe(1);
      seen.push({ headline: Math.max(...of(true)), rest: of(false)[0] });
    }
    expect(Math.max(...seen.map((one) => one.headline))).toBeLessThan(Math.min(...seen.map((one) => one.rest)));
    expect(seen.map((one) => one.rest)).toEqual(seen.map((one) => one.rest).toSorted((a, b) => a - b));
    expect(new Set(seen.map((one) => one.rest)).size).toBe(seen.length);

    const draft = await draftOf(eager);
    const refused = { status: 429, message: expect.stringContaining(`${most}`) };
    await expect(confirmDraft(eager, draft.id, { name: 'one more' })).rejects.toMatchObject(refused);
    // Another student's first submission stands before this one's second.
    const { evaluationId } = await submit(await person(), challenge.id);
    const [first] = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId)).orderBy(shards.ordinal).limit(1);
    expect(first.priority).toBeLessThan(seen[1].headline);
  });
});

describe('reading', () => {
  test('owners and instructors only; files to the owner alone', async () => {
    const owner = await person();
    const { submissionId } = await confirmDraft(owner, (await draftOf(owner)).id, { name: 'mine' });
    const [other, teacher] = [await person(), await enrol(await person(), challenge.id, 'instructor')];
    await expect(getSubmission(await person('instructor'), submissionId)).rejects.toMatchObject({ status: 404 });
    expect((await getSubmission(teacher, submissionId)).userName).toBe(owner.name);
    for (const viewer of [other, null]) await expect(getSubmission(viewer, submissionId)).rejects.toMatchObject({ status: 404 });
    await expect(getSubmission(owner, 'null')).rejects.toMatchObject({ status: 404 });

    const { content } = await openFile(owner, submissionId, 'model.onnx');
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    expect(Buffer.compare(Buffer.concat(pieces), model)).toBe(0);
    for (const viewer of [other, teacher, null]) {
      await expect(openFile(viewer, submissionId, 'model.onnx')).rejects.toMatchObject({ status: 404 });
    }

    expect((await listSubmissions(owner, challenge.slug)).submissions.map((one) => one.id)).toEqual([submissionId]);
    expect(await listSubmissions(other, challenge.slug)).toEqual({ submissions: [], total: 0, next: null });
    await expect(listSubmissions(other, challenge.slug, { all: true })).rejects.toMatchObject({ status: 403 });
    expect((await listSubmissions(teacher, challenge.slug, { all: true })).submissions.map((one) => one.id)).toContain(submissionId);
  });
});

test('a baseline is entered once', async () => {
  const teacher = await person('instructor');
  const bytes = encodeModel(linearModel());
  const baseline = { challengeId: challenge.id, ownerId: teacher.id, name: 'Linear', file: 'linear.onnx', bytes };
  const first = await submitBaseline(baseline);
  expect(await submitBaseline(baseline)).toEqual(first);
  // Everybody may look at a baseline, but its file is for its owner.
  expect((await getSubmission(null, first.submissionId)).baseline).toBe(true);
  await expect(openFile(null, first.submissionId, 'linear.onnx')).rejects.toThrow(/no file/);
  expect(await database().$count(evaluations, eq(evaluations.submissionId, first.submissionId))).toBe(1);
});
