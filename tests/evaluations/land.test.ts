// Parts land once, whoever sends them and how often; what follows lands with them.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { database, rawSql } from '../../lib/db/client.ts';
import { adversarialExamples, cells, parts, shards } from '../../lib/db/schema.ts';
import type { Part } from '../../lib/evaluation/cell.ts';
import type { Example } from '../../lib/evaluation/examples.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { failEvaluation } from '../../lib/evaluations/fail.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { progressEvents } from '../../lib/evaluations/progress.ts';
import { resultsOf } from '../../lib/evaluations/results.ts';
import { shardDone, takeShard, type Work } from '../../lib/evaluations/work.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, enrol, evaluationRow, partOf, person, submit } from './stage.ts';

const protocol: Protocol = {
  name: 'two-trials',
  images: { split: 'test', size: 5000 },
  trials: [{ kind: 'clean' }, { kind: 'mixed', images: { split: 'test', size: 1000 } }],
};
const workerId = '00000000-0000-4000-8000-000000000001';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

async function begun() {
  const student = await person();
  const challenge = await challengeOf(protocol);
  const entered = await submit(student, challenge.id);
  const rows = await database().select().from(shards).where(eq(shards.evaluationId, entered.evaluationId));
  const work = async (kind: string): Promise<Work> => (await takeShard(rows.find((row) => row.trialId.startsWith(kind))!.id, workerId))!;
  return { student, challenge, ...entered, clean: await work('clean'), mixed: await work('mixed') };
}

test('the last part makes the cell, the score and the end, and asks for ranks', async () => {
  const { student, submissionId, evaluationId, clean, mixed } = await begun();
  expect((await evaluationRow(evaluationId)).status).toBe('running');
  expect(await landPart(clean, partOf('clean', 0, 2000), workerId)).toEqual({ fresh: true, cell: false, finished: false, over: false });
  expect(await landPart(clean, partOf('clean', 4000, 5000, 3), workerId)).toMatchObject({ cell: false });
  expect(await landPart(clean, partOf('clean', 2000, 4000), workerId)).toEqual({ fresh: true, cell: true, finished: false, over: false });
  expect((await evaluationRow(evaluationId)).score).toMatchObject({ clean: { value: 0.82, images: 5000 }, mixed: null });

  expect(await landPart(mixed, partOf(mixed.trialId, 0, 1000, 7), workerId)).toEqual({ fresh: true, cell: true, finished: true, over: false });
  const results = await resultsOf(student, submissionId);
  expect(results.status).toBe('finished');
  expect(results.progress).toMatchObject({ doneImages: 6000, totalImages: 6000, doneShards: 2, shards: 2, etaSeconds: null });
  const counts = results.cells.map(({ trialId, correct, total }) => [trialId, correct, total]);
  expect(counts).toEqual([[mixed.trialId, 100, 1000], ['clean', 4100, 5000]]);
  expect(JSON.stringify(results)).not.toContain('correctBits');
  const [{ jobs }] = await rawSql()`select count(*)::int as jobs from graphile_worker.jobs where task_identifier = 'rank-phase'`;
  expect(jobs).toBeGreaterThan(0);
});

test('an end that cannot be written down is no end: nothing of it shows, is told or ranked, and the part lands when it can', async () => {
  const { student, submissionId, evaluationId, clean, mixed } = await begun();
  for (const [start, end] of [[0, 2000], [2000, 4000], [4000, 5000]]) await landPart(clean, partOf('clean', start, end), workerId);
  const last = () => landPart(mixed, partOf(mixed.trialId, 0, 1000), workerId);
  const outside = async () => (await rawSql()`select (select count(*)::int from notifications where subject_id = ${submissionId}) as told,
    (select count(*)::int from graphile_worker._private_jobs where payload ->> 'phaseId' = (select phase_id::text from evaluations where id = ${evaluationId})) as ranks`)[0];
  const before = await outside();
  await rawSql().unsafe(`create function fails() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;
    create trigger fails before update on evaluations for each row when (new.status = 'finished') execute function fails()`);
  await expect(last()).rejects.toMatchObject({ cause: { message: 'disk full' } });
  await rawSql().unsafe('drop trigger fails on evaluations; drop function fails()');
  expect((await resultsOf(student, submissionId)).status).toBe('running');
  expect(await database().$count(cells, eq(cells.evaluationId, evaluationId))).toBe(1);
  expect(await outside()).toEqual(before);
  expect(await last()).toMatchObject({ fresh: true, finished: true });
  expect(await evaluationRow(evaluationId)).toMatchObject({ status: 'finished', score: { mixed: { images: 1000 } } });
  expect((await outside()).told).toBe(1);
});

test('the same part from eight connections at once lands once', async () => {
  const { evaluationId, mixed, clean } = await begun();
  const all = await Promise.all(Array.from({ length: 8 }, () => landPart(mixed, partOf(mixed.trialId, 0, 1000), workerId)));
  expect(all.filter((landed) => landed.fresh)).toEqual([{ fresh: true, cell: true, finished: false, over: false }]);
  const pieces = [[0, 2000], [2000, 4000], [4000, 5000]].flatMap(([from, to]) => [1, 2, 3].map(() => partOf('clean', from, to)));
  const landed = await Promise.all(pieces.map((part) => landPart(clean, part, workerId)));
  expect(landed.filter((one) => one.fresh)).toHaveLength(3);
  expect(landed.filter((one) => one.finished)).toHaveLength(1);
  expect(await database().select().from(cells).where(eq(cells.evaluationId, evaluationId))).toHaveLength(2);
});

test('a part that comes after the end changes nothing', async () => {
  const { evaluationId, clean } = await begun();
  await failEvaluation(evaluationId, { blame: 'platform', message: 'a test' });
  expect(await landPart(clean, partOf('clean', 0, 2000), workerId)).toEqual({ fresh: false, cell: false, finished: false, over: true });
  expect(await database().select().from(parts).where(eq(parts.evaluationId, evaluationId))).toHaveLength(0);
  expect(await takeShard(clean.shardId, workerId)).toBeNull();
  expect(await failEvaluation(evaluationId, { blame: 'platform', message: 'again' })).toBe(false);
});

test('a shard taken again goes on after what has landed, and is done only when all has', async () => {
  const { clean } = await begun();
  await landPart(clean, partOf('clean', 0, 2000), workerId);
  await expect(shardDone(clean.shardId)).rejects.toThrow(/nothing landed from image 2000 on/);
  const again = (await takeShard(clean.shardId, workerId))!;
  expect([again.start, again.end]).toEqual([2000, 5000]);
  await landPart(again, partOf('clean', 2000, 4000), workerId);
  await landPart(again, partOf('clean', 4000, 5000), workerId);
  await shardDone(clean.shardId);
  expect(await takeShard(clean.shardId, workerId)).toBeNull();
});

const damaged: [string, (part: Part) => Partial<Part>, RegExp][] = [
  ['another trial', () => ({ trialId: 'mixed' }), /It is of trial mixed/],
  ['images not asked for', () => ({ start: 5000, end: 7000 }), /It covers images 5000 to 7000/],
  ['a piece of a part', (part) => ({ ...partOf('clean', 0, 1000), trialId: part.trialId }), /parts of this trial have 2000/],
  ['too few predictions', (part) => ({ predictions: part.predictions.slice(1) }), /1999 predictions for 2000/],
  ['too many bits', () => ({ correctBits: new Uint8Array(251) }), /251 bytes of outcomes/],
  ['an eleventh class', (part) => ({ predictions: part.predictions.with(3, 10) }), /predicts class 10/],
  ['a confusion matrix of its own', ({ confusion }) => ({ confusion: confusion.with(0, 0).with(1, confusion[0]) }), /does not count/],
  ['more right than predicted right', ({ correctBits }) => ({ ...partOf('clean', 0, 2000, 1), correctBits }), /only 200 right/],
  ['more near ties than images', () => ({ diagnostics: { nearTies: 2001 } }), /nearTies is 2001 of 2000/],
];

test.each(damaged)('a part with %s is refused', async (_, change, message) => {
  const { evaluationId, clean } = await begun();
  const part = partOf('clean', 0, 2000);
  await expect(landPart(clean, { ...part, ...change(part) }, workerId)).rejects.toThrow(message);
  expect(await database().select().from(parts).where(eq(parts.evaluationId, evaluationId))).toHaveLength(0);
});

test('a model near chance gets a note with its likely cause', async () => {
  const { student, submissionId, clean } = await begun();
  await landPart(clean, partOf('clean', 0, 2000, 8), workerId);
  const { notes } = await resultsOf(student, submissionId);
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/Only 200 of the first 2000.*called class 8.*0–255/);
});

test('watchers hear of their submission only, and stop when told', async () => {
  const [mine, other] = [await begun(), await begun()];
  const control = new AbortController();
  let heard = 0;
  const watching = (async () => {
    for await (const _ of progressEvents(mine.submissionId, control.signal)) heard++;
  })();
  await expect.poll(() => heard).toBe(1);
  await landPart(other.clean, partOf('clean', 0, 2000), workerId);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(heard).toBe(1);
  await landPart(mine.clean, partOf('clean', 0, 2000), workerId);
  await expect.poll(() => heard).toBe(2);
  control.abort();
  await watching;
});

test('only the owner and the staff of the challenge see results', async () => {
  const { submissionId, challenge } = await begun();
  await expect(resultsOf(await person(), submissionId)).rejects.toMatchObject({ status: 404 });
  await expect(resultsOf(null, submissionId)).rejects.toMatchObject({ status: 404 });
  await expect(resultsOf(await person('instructor'), 'not-an-id')).rejects.toMatchObject({ status: 404 });
  await expect(resultsOf(await person('instructor'), submissionId)).rejects.toMatchObject({ status: 404 });
  expect((await resultsOf(await enrol(await person(), challenge.id, 'assistant'), submissionId)).status).toBe('running');
});

test('shards of a finished evaluation are done', async () => {
  const { evaluationId, clean, mixed } = await begun();
  await landPart(mixed, partOf(mixed.trialId, 0, 1000), workerId);
  for (const start of [0, 2000, 4000]) await landPart(clean, partOf('clean', start, Math.min(start + 2000, 5000)), workerId);
  const open = and(eq(shards.evaluationId, evaluationId), eq(shards.status, 'done'));
  expect(await database().select().from(shards).where(open)).toHaveLength(2);
});

test('adversarial examples land with their part, once, and not without it', async () => {
  const fgsm = { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02, images: { split: 'test', size: 40 } } as const;
  const challenge = await challengeOf({ name: 'attacked', images: { split: 'test', size: 100 }, trials: [{ kind: 'clean' }, fgsm] });
  const { evaluationId } = await submit(await person(), challenge.id);
  const rows = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId));
  const work = (await takeShard(rows.find((row) => row.attack)!.id, workerId))!;
  const kept = () => database().select().from(adversarialExamples).where(eq(adversarialExamples.evaluationId, evaluationId));

  const delta = new Uint8Array(784).fill(127);
  const examples: Example[] = [{ position: 3, prediction: 3, peak: 0.02, delta }, { position: 5, prediction: 5, peak: 0.01, delta }];
  const part: Part = { ...partOf(work.trialId, 0, 40), examples };
  await expect(landPart(work, { ...part, examples: [{ ...examples[0], peak: 0.03 }] }, workerId)).rejects.toThrow(/was refused.*epsilon is 0.02/);
  expect(await kept()).toEqual([]);
  const landed = await Promise.all(Array.from({ length: 4 }, () => landPart(work, part, workerId)));
  expect(landed.filter((one) => one.fresh)).toHaveLength(1);
  const stored = (await kept()).sort((a, b) => a.position - b.position);
  expect(stored.map(({ delta: bytes, ...row }) => ({ ...row, delta: new Uint8Array(bytes) }))).toEqual(
    examples.map((example) => ({ ...example, evaluationId, trialId: work.trialId })),
  );
});
