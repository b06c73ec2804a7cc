// The order in which the queue gives out work, and what a student is told of it: nobody's twenty delay another's first.
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { database, rawSql } from '../../lib/db/client.ts';
import { shards, submissions, workers } from '../../lib/db/schema.ts';
import { parseProtocol } from '../../lib/evaluation/protocols.ts';
import { linesOf, progressOf } from '../../lib/evaluations/place.ts';
import { takeShard } from '../../lib/evaluations/work.ts';
import { shardJobSchema, shardsIn } from '../../lib/queue/jobs.ts';
import { confirmDraft } from '../../lib/submissions/confirm.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, draftRow, enrol, person, submit, teamOf } from '../evaluations/stage.ts';

const protocol = parseProtocol({
  name: 'fair', images: { split: 'test', size: 1000 },
  trials: [{ kind: 'clean' }, { kind: 'mixed' }, ...[1, 2, 3].map((severity) => ({ kind: 'perturbation', perturbation: 'rotate', severity }))],
});

let fresh: FreshDatabase;
let here: { id: string; slug: string };
let there: { id: string; slug: string };
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());
beforeEach(async () => {
  await rawSql()`truncate submissions cascade`;
  await rawSql()`delete from graphile_worker._private_jobs`;
  await database().delete(workers);
  [here, there] = [await challengeOf(protocol), await challengeOf(protocol)];
});

/** The evaluations in the order in which the queue gives out their shards, one entry a shard. */
async function order(headline: boolean): Promise<string[]> {
  const jobs = await rawSql()`select payload from graphile_worker._private_jobs where payload::jsonb ? 'shardId' order by priority, run_at, id`;
  const rows = await database().select().from(shards);
  const found = new Map(rows.map((row) => [row.id, row]));
  const given = jobs.flatMap(({ payload }) => shardsIn(shardJobSchema.parse(payload)));
  return given.map(({ shardId }) => found.get(shardId)!).filter((row) => row.headline === headline).map((row) => row.evaluationId);
}

test('a first submission stands before the second of somebody with twenty, in this challenge and in any other', async () => {
  const [eager, shy, elsewhere] = [await person(), await person(), await person()];
  const twenty: string[] = [];
  for (let i = 0; i < 20; i++) twenty.push((await submit(eager, i % 2 ? here.id : there.id)).evaluationId);
  const first = (await submit(shy, here.id)).evaluationId;
  const other = (await submit(elsewhere, there.id)).evaluationId;
  for (const headline of [true, false]) {
    const evaluations = [...new Set(await order(headline))];
    expect(evaluations).toEqual([twenty[0], first, other, ...twenty.slice(1)]);
  }
  const rows = await database().select().from(shards);
  const [heads, rest] = [true, false].map((headline) => rows.filter((row) => row.headline === headline).map(({ priority }) => priority));
  expect(Math.max(...heads)).toBeLessThan(Math.min(...rest));
});

test('a crowd in one challenge does not stand before another challenge: they take turns, shard by shard', async () => {
  const crowd = [];
  for (let i = 0; i < 30; i++) crowd.push((await submit(await person(), here.id)).evaluationId);
  const again = (await submit(await person(), here.id)).evaluationId;
  const alone = await person();
  const first = (await submit(alone, there.id)).evaluationId;
  const second = (await submit(alone, there.id)).evaluationId;
  // Within the crowd's challenge in the order they came; a second submission behind everybody's first.
  const ordered = [...new Set(await order(false))];
  expect(ordered.filter((id) => id !== first)).toEqual([...crowd, again, second]);
  for (const headline of [true, false]) {
    const given = await order(headline);
    const shardsEach = given.filter((id) => id === first).length;
    expect(given.lastIndexOf(first), 'the one of the other challenge is done about when the first of the crowd is').toBeLessThanOrEqual(2 * shardsEach);
  }
  // Everybody's headline is given out before any of the rest.
  expect(new Set(await order(true)).size).toBe(33);
});

test('who had nothing waiting has saved up no turns, and a crowd that came meanwhile is not put off', async () => {
  const [early, late] = [await submit(await person(), here.id), await submit(await person(), here.id)];
  await database().update(shards).set({ status: 'done', finishedAt: new Date() }).where(eq(shards.evaluationId, early.evaluationId));
  await rawSql()`delete from graphile_worker._private_jobs where payload ->> 'shardId' in (select id::text from shards where status = 'done')`;
  const crowd = [];
  for (let i = 0; i < 5; i++) crowd.push((await submit(await person(), there.id)).evaluationId);
  const given = await order(false);
  expect(given.lastIndexOf(late.evaluationId)).toBeLessThanOrEqual(2 * given.filter((id) => id === late.evaluationId).length);
  expect([...new Set(given)].filter((id) => id !== late.evaluationId)).toEqual(crowd);
});

test('a team stands in line as one', async () => {
  const [a, b, alone] = [await person(), await person(), await person()];
  await teamOf(here.id, [a, b]);
  await enrol(alone, here.id);
  const sent = [];
  for (const viewer of [a, a, b, alone]) sent.push((await confirmDraft(viewer, await draftRow(viewer, here.id), { name: 'm' })).evaluationId);
  expect([...new Set(await order(false))]).toEqual([sent[0], sent[3], sent[1], sent[2]]);
});

test('what was cancelled or is run again keeps nobody waiting', async () => {
  const student = await person();
  const old = await submit(student, here.id);
  await database().update(shards).set({ status: 'failed', finishedAt: new Date() }).where(eq(shards.evaluationId, old.evaluationId));
  const { evaluationId } = await submit(student, here.id);
  const [first] = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId)).orderBy(shards.ordinal);
  const [before] = await database().select().from(shards).where(eq(shards.evaluationId, old.evaluationId)).orderBy(shards.ordinal);
  expect(first.priority).toBe(before.priority);
});

test('the place in line is told among submissions, with a start as soon as somebody works', async () => {
  const sent: string[] = [];
  for (let i = 0; i < 3; i++) sent.push((await submit(await person(), i === 1 ? there.id : here.id)).evaluationId);
  const places = async () => {
    const lines = await linesOf(sent);
    return sent.map((id) => lines.get(id)?.position ?? null);
  };
  expect(await places()).toEqual([1, 2, 3]);
  expect(await progressOf(sent[2])).toMatchObject({ position: 3, startsInSeconds: null, etaSeconds: null });

  const worker = { id: '00000000-0000-4000-8000-000000000001', name: 'w', engine: 'e', device: 'cpu', concurrency: 1 };
  await database().insert(workers).values(worker);
  expect((await linesOf(sent)).get(sent[0])).toEqual({ position: 1, startsInSeconds: 0 });
  const seconds = async (id: string) => (await linesOf([id])).get(id)!.startsInSeconds!;
  await database().update(shards).set({ estimatedSeconds: 10 }).where(inArray(shards.evaluationId, sent));
  // Two headlines of two shards stand before the third's.
  expect(await seconds(sent[2])).toBe(40);
  await database().update(workers).set({ concurrency: 4 });
  expect(await seconds(sent[2])).toBe(10);
  expect(await progressOf(sent[2])).toMatchObject({ position: 3, startsInSeconds: 10 });

  const [head] = await database().select().from(shards).where(eq(shards.evaluationId, sent[0])).orderBy(shards.ordinal);
  await takeShard(head.id, worker.id);
  // The other challenge has its turn before the rest of the first's.
  expect(await places()).toEqual([null, 1, 3]);
  expect(await progressOf(sent[0])).toMatchObject({ position: null, startsInSeconds: null });
  await database().update(workers).set({ stoppedAt: new Date() });
  expect((await linesOf(sent)).get(sent[1])).toEqual({ position: 1, startsInSeconds: null });
  expect(await linesOf([])).toEqual(new Map());
  expect(await database().$count(submissions)).toBe(3);
});
