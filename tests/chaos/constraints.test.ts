// What Gauntlet promises of evaluations, refused by the database itself when somebody writes otherwise.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawSql } from '../../lib/db/client.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { takeShard } from '../../lib/evaluations/work.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, partOf, person, submit } from '../evaluations/stage.ts';

const protocol: Protocol = { name: 'guarded', images: { split: 'test', size: 3000 }, trials: [{ kind: 'mixed' }, { kind: 'clean' }] };
const worker = randomUUID();

let fresh: FreshDatabase;
let [open, finished, running, done, elsewhere]: string[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
  const challenge = await challengeOf(protocol);
  open = (await submit(await person(), challenge.id)).evaluationId;
  finished = (await submit(await person(), challenge.id)).evaluationId;
  for (const { id } of await rawSql()<{ id: string }[]>`select id from shards where evaluation_id = ${finished} order by ordinal`) {
    const work = (await takeShard(id, worker))!;
    for (let at = work.start; at < work.end; at += work.partSize) {
      await landPart(work, partOf(work.trialId, at, Math.min(at + work.partSize, work.end)), worker);
    }
  }
  expect((await evaluationRow(finished)).status).toBe('finished');
  [{ id: running }] = await rawSql()`select id from shards where evaluation_id = ${open} and trial_id = 'mixed'`;
  const work = (await takeShard(running, worker))!;
  await landPart(work, partOf('mixed', 0, 2000), worker);
  [{ id: elsewhere }] = await rawSql()`select id from phases where challenge_id = ${(await challengeOf(protocol)).id}`;
  [{ id: done }] = await rawSql()`select id from shards where evaluation_id = ${finished} limit 1`;
});
afterAll(() => fresh.drop());

const part = (evaluation: string, trial: string, first: number, end: number) => `
  insert into parts (evaluation_id, trial_id, first_image, end_image, correct_bits, predictions, confusion, seconds, engine, device, diagnostics)
  select '${evaluation}', '${trial}', ${first}, ${end}, decode(repeat('00', ${Math.ceil((end - first) / 8)}), 'hex'),
    decode(repeat('00', ${end - first}), 'hex'), to_jsonb(array_fill(0, array[100])), 1, 'test', 'cpu', '{}'`;
const shard = (evaluation: string, trial: string, first: number, status = 'queued') => `
  insert into shards (evaluation_id, trial_id, first_image, end_image, headline, estimated_seconds, priority, ordinal, status)
  values ('${evaluation}', '${trial}', ${first}, ${first} + 1000, false, 1, 0, 99, '${status}')`;
const ofOpen = (set: string) => () => `update evaluations set ${set} where id = '${open}'`;
const ofFinished = (set: string) => () => `update evaluations set ${set} where id = '${finished}'`;

/** What somebody might write, and the constraint that refuses it. */
const violations: Record<string, [constraint: string, statement: () => string]> = {
  'a part that overlaps another': ['parts_disjoint', () => part(open, 'mixed', 1000, 2500)],
  'the same part twice': ['parts_evaluation_id_trial_id_first_image_pk', () => part(open, 'mixed', 0, 2000)],
  'a part past its shard': ['parts_wanted', () => part(open, 'mixed', 2000, 3001)],
  'a part of a trial that nobody asked for': ['parts_wanted', () => part(open, 'gaussian_blur/3', 0, 100)],
  'a part of an evaluation that has ended': ['parts_wanted', () => part(finished, 'clean', 0, 100)],
  'a part of no evaluation': ['parts_evaluation_id_evaluations_id_fk', () => part(randomUUID(), 'clean', 0, 100)],
  'a confusion matrix that is none': ['parts_confusion', () => `update parts set confusion = '[1, 2]' where evaluation_id = '${open}'`],
  'a cell twice': ['cells_evaluation_id_trial_id_pk', () => `insert into cells select * from cells where evaluation_id = '${finished}'`],
  'more right than there are': ['cells_bits_match', () => `update cells set correct = total + 1 where evaluation_id = '${finished}'`],
  'right ones that the bits do not show': ['cells_bits_match', () => `update cells set correct = correct - 1 where evaluation_id = '${finished}'`],
  'a shard that overlaps another': ['shards_disjoint', () => shard(open, 'clean', 500)],
  'the same shard twice': ['shards_once', () => shard(open, 'clean', 0)],
  'more work for an evaluation that has ended': ['shards_wanted', () => shard(finished, 'clean', 9000)],
  'a shard that runs nowhere': ['shards_running', () => `update shards set worker_id = null where id = '${running}'`],
  'a shard that waits at a worker': ['shards_waiting', () => `update shards set status = 'queued' where id = '${running}'`],
  'a shard that is done at no time': ['shards_ended', () => `update shards set status = 'done' where id = '${running}'`],
  'a shard that is done and runs again': ['shards_stay_ended', () => `update shards set status = 'running', finished_at = null where id = '${done}'`],
  'a shard that becomes another': ['shards_stay', () => `update shards set end_image = end_image - 1 where id = '${running}'`],
  'an end with shards under way': ['evaluations_whole', ofOpen("status = 'cancelled', finished_at = now()")],
  'a finish without all cells': ['evaluations_whole', () => `
    with ended as (update shards set status = 'done', finished_at = now() where evaluation_id = '${open}')
    update evaluations set status = 'finished', finished_at = now(), score = '{}' where id = '${open}'`],
  'a finish without a score': ['evaluations_finished_has_score', ofFinished('score = null')],
  'an end at no time': ['evaluations_ended', ofFinished('finished_at = null')],
  'an end of what goes on': ['evaluations_ended', ofOpen('finished_at = now()')],
  'an end before the beginning': ['evaluations_ended_after_begun', ofFinished("finished_at = started_at - interval '1 second'")],
  'running since never': ['evaluations_begun', ofOpen('started_at = null')],
  'waiting since it began': ['evaluations_begun', ofOpen("status = 'queued'")],
  'a failure without a cause': ['evaluations_failed_has_reason', ofOpen("status = 'failed', finished_at = now()")],
  'a cause that blames nobody': ['evaluations_failure_is_whole', ofOpen(`status = 'failed', finished_at = now(), failure = '{"message": "It broke."}'`)],
  'a second current evaluation': ['evaluations_one_current', () => `
    insert into evaluations (submission_id, phase_id, protocol) select submission_id, phase_id, protocol from evaluations where id = '${open}'`],
  'a phase of another challenge': ['evaluations_phase', () => `update evaluations set phase_id = '${elsewhere}' where id = '${open}'`],
  'a model that is not stored': ['submissions_stored_model_artifacts_sha256_fk', () => `update submissions set model_sha256 = repeat('0', 64)`],
  'a content without all its bytes': ['artifacts_whole', () => `insert into artifacts (sha256, bytes) values (repeat('1', 64), 10)`],
};

test.for(Object.entries(violations))('%s is refused', async ([, [constraint, statement]]) => {
  const written = rawSql().unsafe(statement());
  await expect(written).rejects.toMatchObject({ constraint_name: constraint });
});

test('what is refused has changed nothing, and the evaluation goes on to its end', async () => {
  for (const { id } of await rawSql()<{ id: string }[]>`select id from shards where evaluation_id = ${open} order by ordinal`) {
    const work = (await takeShard(id, worker))!;
    for (let at = work.start; at < work.end; at += work.partSize) {
      await landPart(work, partOf(work.trialId, at, Math.min(at + work.partSize, work.end)), worker);
    }
  }
  expect((await evaluationRow(open)).status).toBe('finished');
});

test('a shard that ended while somebody took it is not opened again', async () => {
  expect(await takeShard(done, worker)).toBeNull();
});
