// A worker is asked to stop: what it runs may end, it takes nothing more, and leaves with 0; asked again it leaves at once.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { database } from '../../lib/db/client.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { shardsIn, type ShardJob } from '../../lib/queue/jobs.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, person, submit } from '../evaluations/stage.ts';
import { launchWorker, startWorkerProcess, type WorkerProcess } from './processes.ts';

const images = { split: 'test' as const, size: 4000 };
const perturbed = (severity: 1 | 2 | 3 | 4 | 5) => ({ kind: 'perturbation' as const, perturbation: 'gaussian_noise' as const, severity, images });
const protocol: Protocol = { name: 'for-draining', images, trials: [{ kind: 'clean' }, ...([1, 2, 3, 4, 5] as const).map(perturbed)] };
/** Minutes of work in one shard. */
const long: Protocol = {
  name: 'long', images,
  trials: [{ kind: 'clean' }, { kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.1, stepSize: 0.01, steps: 40, restarts: 20, randomStart: true, count: 'last' }],
};
const patient = { timeout: 100_000, interval: 10 };

let fresh: FreshDatabase;
const running: WorkerProcess[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => {
  for (const worker of running) worker.process.kill('SIGKILL');
  await fresh.drop();
});

const start = async (name: string, drain: string, ...more: string[]) => {
  const worker = await startWorkerProcess(fresh.url, name, ['--drain', drain, '--notifications', ...more]);
  running.push(worker);
  return worker;
};
process.env.NEXTAUTH_URL = 'http://gauntlet.test';
const rows = async (query: ReturnType<typeof sql>) => database().execute<Record<string, unknown>>(query);
/** Of one evaluation: parts of shards that are done, and of shards that are not. */
const partsOf = async (id: string) => (await rows(sql`
  select count(*) filter (where s.status = 'done')::int as done, count(*) filter (where s.status <> 'done')::int as open from parts p
  join shards s on s.evaluation_id = p.evaluation_id and s.trial_id = p.trial_id and p.first_image >= s.first_image and p.first_image < s.end_image
  where p.evaluation_id = ${id}`))[0] as { done: number; open: number };
const nobodyHoldsAnything = async () => {
  expect(await rows(sql`select 1 from graphile_worker.jobs where locked_by is not null`)).toEqual([]);
  expect(await rows(sql`select 1 from shards where status = 'running' or (status = 'queued' and worker_id is not null)`)).toEqual([]);
  expect(await rows(sql`select 1 from workers where stopped_at is null`)).toEqual([]);
};

test('the running shard ends, nothing more is begun, and all it held is free', { timeout: 120_000 }, async () => {
  const worker = await start('drained', '60');
  const { evaluationId } = await submit(await person(), (await challengeOf(protocol)).id);
  await expect.poll(async () => (await partsOf(evaluationId)).open, patient).toBeGreaterThan(0);
  worker.process.kill('SIGTERM');
  // As npm and the terminal do it: one asking.
  worker.process.kill('SIGINT');
  expect(await worker.left, worker.output()).toBe(0);
  await nobodyHoldsAnything();
  const [{ done, queued, failures }] = await rows(sql`
    select count(*) filter (where status = 'done')::int as done, count(*) filter (where status = 'queued')::int as queued,
      (select sum(child_failures)::int from workers) as failures from shards where evaluation_id = ${evaluationId}`);
  expect(done).toBeGreaterThan(0);
  expect(queued, 'it took no further shard').toBeGreaterThan(0);
  expect(failures).toBe(0);
  expect((await partsOf(evaluationId)).open, 'no shard was cut').toBe(0);
  const jobs = await rows(sql`select payload, attempts from graphile_worker._private_jobs where payload::jsonb ? 'shardId'`);
  const waiting = jobs.flatMap(({ payload }) => shardsIn(payload as ShardJob)).map(({ shardId }) => shardId);
  const open = await rows(sql`select id from shards where evaluation_id = ${evaluationId} and status = 'queued'`);
  expect(waiting).toEqual(expect.arrayContaining(open.map(({ id }) => id)));
  expect(jobs.filter(({ attempts }) => attempts !== 0)).toEqual([]);
});

test('asked again it cuts the shard, keeps its parts, and leaves at once with 0', { timeout: 120_000 }, async () => {
  const worker = await start('hurried', '3600');
  const { evaluationId } = await submit(await person(), (await challengeOf(long)).id);
  await expect.poll(async () => (await rows(sql`select 1 from shards where evaluation_id = ${evaluationId} and status = 'running' and attack`)).length, patient).toBe(1);
  const asked = performance.now();
  const insist = setInterval(() => worker.process.kill('SIGTERM'), 200);
  expect(await worker.left, worker.output()).toBe(0);
  clearInterval(insist);
  expect(performance.now() - asked).toBeLessThan(30_000);
  await nobodyHoldsAnything();
  const [{ attempts, failed }] = await rows(sql`
    select coalesce(max(attempts), 0)::int as attempts, (select count(*)::int from shards where status = 'failed' or platform_failures > 0) as failed
    from graphile_worker.jobs where task_identifier like 'evaluate-shard%'`);
  expect({ attempts, failed }).toEqual({ attempts: 0, failed: 0 });
});

test('asked while it still starts it leaves, too', { timeout: 60_000 }, async () => {
  const worker = launchWorker(fresh.url, 'early');
  running.push(worker);
  await expect.poll(() => worker.process.connected, patient).toBe(true);
  worker.process.kill('SIGTERM');
  expect(worker.process.exitCode ?? (await worker.left)).not.toBe(1);
  await nobodyHoldsAnything();
});

test('a heartbeat that is under way does not take its goodbye back', { timeout: 60_000 }, async () => {
  await rows(sql`create function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(1); return new; end'`);
  await rows(sql`create trigger dawdle before insert on workers for each row execute function dawdle()`);
  const worker = await start('parting', '10', '--heartbeat', '0.5');
  await expect.poll(async () => (await rows(sql`select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`)).length, patient).toBeGreaterThan(0);
  worker.process.kill('SIGTERM');
  expect(await worker.left, worker.output()).toBe(0);
  await nobodyHoldsAnything();
});
