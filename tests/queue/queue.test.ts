// The queue over real Postgres: jobs appear with their transaction, in order, and come back from the dead.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { database, rawSql } from '../../lib/db/client.ts';
import { workers } from '../../lib/db/schema.ts';
import { migrate } from '../../lib/db/migrate.ts';
import { beat, countWork, type WorkerFacts } from '../../lib/queue/heartbeat.ts';
import { enqueue, enqueueRank, handBack, type HeldJob } from '../../lib/queue/jobs.ts';
import { reclaim, retire } from '../../lib/queue/reclaim.ts';
import { startRunner, type QueueRunner } from '../../lib/queue/runner.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';

let fresh: FreshDatabase;
const runners: QueueRunner[] = [];

beforeAll(async () => {
  fresh = await freshDatabase();
});
afterEach(async () => {
  await Promise.all(runners.splice(0).map((runner) => runner.stop()));
  await rawSql()`delete from graphile_worker._private_jobs`;
  await database().delete(workers);
});
afterAll(() => fresh.drop());

const add = (jobs: Parameters<typeof enqueue>[1]) => database().transaction((tx) => enqueue(tx, jobs));
const lock = (priority: number, by: string) => rawSql()`
  update graphile_worker._private_jobs set locked_by = ${by}, locked_at = now() - interval '9 seconds' where priority = ${priority}`;
const facts = (queueWorkerIds: string[]): WorkerFacts => ({
  id: randomUUID(), name: 'w', engine: 'e', device: 'cpu', concurrency: 1, missingLayers: [], queueWorkerIds,
});
async function runnerOf(tasks: Parameters<typeof startRunner>[0], concurrency = 1): Promise<QueueRunner> {
  const runner = await startRunner(tasks, { concurrency });
  runners.push(runner);
  return runner;
}

test('jobs run by priority, then by time; those of a failed transaction never', async () => {
  const ran: unknown[] = [];
  await expect(database().transaction(async (tx) => {
    await enqueue(tx, [{ task: 't', payload: 'never', priority: 0 }]);
    throw new Error('rolled back');
  })).rejects.toThrow('rolled back');
  const at = (milliseconds: number) => new Date(Date.now() - 10_000 + milliseconds);
  await add([
    { task: 't', payload: 'third', priority: 5, runAt: at(1) },
    { task: 't', payload: 'second', priority: 5, runAt: at(0) },
    { task: 't', payload: 'first', priority: 1, runAt: at(2) },
  ]);
  await runnerOf({ t: async (payload) => void ran.push(payload) });
  await expect.poll(() => ran.length).toBe(3);
  expect(ran).toEqual(['first', 'second', 'third']);
});

test('requests for the ranks of a phase are one job while they wait', async () => {
  const [phase, other] = [randomUUID(), randomUUID()];
  for (const id of [phase, phase, other, phase]) await database().transaction((tx) => enqueueRank(tx, id));
  const [{ jobs }] = await rawSql()`select count(*)::int as jobs from graphile_worker.jobs`;
  expect(jobs).toBe(2);
});

test('connections of the queue are closed by the server when their machine is gone without a word', async () => {
  let idle: unknown;
  await add([{ task: 't', payload: null, priority: 0 }]);
  await runnerOf({ t: async (_, helpers) => { ({ rows: [{ idle }] } = await helpers.query(`select current_setting('tcp_keepalives_idle') as idle`)); } });
  await expect.poll(() => idle, { timeout: 5000 }).toBe('30');
});

test("a silent worker's job runs again at once elsewhere, and costs no attempt", async () => {
  const dead = `pool-${randomUUID()}`;
  await add([{ task: 't', payload: 'lost', priority: 0 }]);
  await rawSql()`update graphile_worker._private_jobs set locked_by = ${dead}, locked_at = now() - interval '3 seconds', attempts = 1`;
  const worker = facts([dead]);
  await beat(worker);
  expect(await reclaim(2)).toEqual({ workers: [], jobs: 0 });

  await rawSql()`update workers set heartbeat_at = now() - interval '3 seconds'`;
  expect(await reclaim(2)).toEqual({ workers: ['w'], jobs: 1 });
  expect(await rawSql()`select attempts, run_at <= now() as due from graphile_worker.jobs`).toMatchObject([{ attempts: 0, due: true }]);
  const ran: unknown[] = [];
  await runnerOf({ t: async (payload) => void ran.push(payload) });
  await expect.poll(() => ran, { timeout: 3000 }).toEqual(['lost']);

  // It was only asleep: its next heartbeat makes it a living worker again.
  await beat(worker);
  const [row] = await database().select().from(workers).where(eq(workers.id, worker.id));
  expect(row.stoppedAt).toBeNull();
});

test('a job locked by a name that no living worker has comes back too', async () => {
  await beat(facts(['pool-alive']));
  await add([{ task: 't', payload: 1, priority: 0 }, { task: 't', payload: 2, priority: 1 }]);
  await lock(0, 'pool-alive');
  await lock(1, 'pool-unknown');
  expect(await reclaim(2)).toEqual({ workers: [], jobs: 1 });
  expect(await rawSql()`select priority from graphile_worker.jobs where locked_by is null`).toMatchObject([{ priority: 1 }]);
});

test('concurrent reclaims do not trip over each other', async () => {
  const names = Array.from({ length: 5 }, () => `pool-${randomUUID()}`);
  for (const name of names) await beat(facts([name]));
  await add(names.map((_, i) => ({ task: 't', payload: i, priority: i })));
  for (const [i, name] of names.entries()) await lock(i, name);
  await rawSql()`update workers set heartbeat_at = now() - interval '9 seconds'`;
  const all = await Promise.all(Array.from({ length: 6 }, () => reclaim(2)));
  expect(all.flatMap((one) => one.workers)).toHaveLength(5);
  const [{ locked }] = await rawSql()`select count(locked_by)::int as locked from graphile_worker.jobs`;
  expect(locked).toBe(0);
});

test('a worker that leaves gives back what it holds, and what it gave up is not delayed', async () => {
  const worker = facts(['pool-leaving']);
  await beat(worker);
  await countWork(worker.id, { shards: 2 });
  await add([{ task: 't', payload: 'held', priority: 0 }, { task: 't', payload: 'given up', priority: 1 }]);
  await rawSql()`update graphile_worker._private_jobs set locked_by = 'pool-leaving', locked_at = now() where priority = 0`;
  await rawSql()`update graphile_worker._private_jobs set run_at = now() + interval '1 hour', attempts = 5 where priority = 1`;
  const [{ id }] = await rawSql()`select id from graphile_worker.jobs where priority = 1`;
  const place = new Date('2027-01-01T00:00:00.123Z');
  await retire(worker.id, [{ id, runAt: place }]);
  expect(await rawSql()`select attempts, run_at from graphile_worker.jobs where locked_by is null order by priority`)
    .toMatchObject([{ attempts: 0 }, { attempts: 0, run_at: place }]);
  expect(await database().select().from(workers)).toMatchObject([{ shardsDone: 2, stoppedAt: expect.any(Date) }]);
});

test('what is thrown back has its place again as soon as the queue let it go', async () => {
  await add([{ task: 't', payload: 'failed', priority: 0 }, { task: 't', payload: 'being failed', priority: 1 }]);
  await lock(1, 'pool-busy');
  const place = new Date('2026-01-01T00:00:00.123Z');
  const jobs = (await rawSql()<{ id: string }[]>`select id from graphile_worker.jobs order by priority`).map(({ id }) => ({ id, runAt: place }));
  const back = (held: HeldJob[]) => database().transaction((tx) => handBack(tx, held));
  expect(await back([...jobs, { id: '999999999', runAt: place }])).toEqual([jobs[1].id]);
  await rawSql()`update graphile_worker._private_jobs set locked_by = null, locked_at = null, run_at = now() + interval '3 seconds', attempts = 1 where priority = 1`;
  expect(await back([jobs[1]])).toEqual([]);
  expect(await rawSql()`select attempts, run_at from graphile_worker.jobs`).toMatchObject([{ attempts: 0, run_at: place }, { attempts: 0, run_at: place }]);
  expect(await back([])).toEqual([]);
});

test('stopping a runner waits for the job it runs', async () => {
  let ended = false;
  await add([{ task: 't', payload: null, priority: 0 }]);
  let began = () => {};
  const running = new Promise<void>((resolve) => { began = resolve; });
  const runner = await runnerOf({ t: async () => {
    began();
    await sleep(300);
    ended = true;
  } });
  await running;
  await runner.stop();
  expect(ended).toBe(true);
  runners.length = 0;
});

test('migrating is safe from several processes at once', async () => {
  await Promise.all(Array.from({ length: 4 }, () => migrate(fresh.url)));
});
