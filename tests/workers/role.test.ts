// The Postgres role of evaluating workers: enough to evaluate from the first job to the last part, and for nothing else.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import postgres, { type Sql } from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, database, disconnect, rawSql } from '../../lib/db/client.ts';
import { requireMigrated } from '../../lib/db/migrate.ts';
import { notifications, shards, workers } from '../../lib/db/schema.ts';
import { grantWorkerRole } from '../../lib/db/worker-role.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { failEvaluation } from '../../lib/evaluations/fail.ts';
import { limitMet, platformFailed, shardWaits, takeShard } from '../../lib/evaluations/work.ts';
import { beat, countWork } from '../../lib/queue/heartbeat.ts';
import { reclaim, retire } from '../../lib/queue/reclaim.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, linearModel, person, submit } from '../evaluations/stage.ts';
import { startWorkerProcess, type WorkerProcess } from './processes.ts';

const images = { split: 'test' as const, size: 200 };
const protocol: Protocol = {
  name: 'for-the-role', images,
  trials: [
    { kind: 'clean' }, { kind: 'mixed' },
    { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.05 },
  ],
};
const patient = { timeout: 60_000, interval: 50 };

let fresh: FreshDatabase;
let address: string;
let role: Sql;
let worker: WorkerProcess | undefined;
beforeAll(async () => {
  fresh = await freshDatabase();
  address = await grantWorkerRole(fresh.url, `first-${randomUUID()}`);
  // Again, as after a migration: the password changes and the grants stay.
  address = await grantWorkerRole(fresh.url, randomUUID());
  role = postgres(address, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  worker?.process.kill('SIGKILL');
  await role.end();
  await fresh.drop();
});

/** Runs a verb in this process with the rights of the role. */
async function asWorker<T>(verb: () => Promise<T>): Promise<T> {
  await disconnect();
  connect(address);
  try {
    return await verb();
  } finally {
    await disconnect();
    connect(fresh.url);
  }
}

test('a worker with the role alone evaluates to the end, and leaves the ranks to others', { timeout: 120_000 }, async () => {
  const entered = await submit(await person(), (await challengeOf(protocol)).id, linearModel(3));
  worker = await startWorkerProcess(address, 'lender', ['--evaluate-only']);
  await expect.poll(async () => (await evaluationRow(entered.evaluationId)).status, patient).toBe('finished');
  expect((await evaluationRow(entered.evaluationId)).score).toMatchObject({ robust: { images: 200 } });
  const waiting = await rawSql()`select task_identifier as task from graphile_worker.jobs order by 1`;
  expect(waiting.map(({ task }) => task)).toEqual(['deliver-notifications', 'rank-phase']);
  worker.process.kill('SIGTERM');
  expect(await worker.left, worker.output()).toBe(0);
  expect(worker.output()).not.toMatch(/permission denied|row-level security/);
});

test('failures of a model and of a worker are written down with the rights of the role', async () => {
  const student = await person();
  const { evaluationId } = await submit(student, (await challengeOf(protocol)).id);
  const [shard] = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId));
  const facts = { id: randomUUID(), name: 'w', engine: 'e', device: 'cpu', concurrency: 1, missingLayers: [], queueWorkerIds: ['pool-of-role'] };
  await asWorker(async () => {
    await beat(facts);
    await takeShard(shard.id, facts.id);
    expect(await limitMet(shard.id, 'memory')).toEqual(['memory']);
    expect(await platformFailed(shard.id)).toBe(1);
    await countWork(facts.id, { childFailures: 1 });
    await shardWaits(shard.id);
    await reclaim();
    await retire(facts.id);
    expect(await failEvaluation(evaluationId, { blame: 'platform', message: 'ill' })).toBe(true);
  });
  expect((await evaluationRow(evaluationId)).status).toBe('failed');
  expect(await database().select().from(workers).where(eq(workers.id, facts.id))).toMatchObject([{ childFailures: 1, stoppedAt: expect.any(Date) }]);
  expect(await database().select().from(notifications).where(eq(notifications.userId, student.id))).toHaveLength(1);
});

const forbidden: Record<string, string> = {
  'e-mail addresses and password hashes': 'select email, password_hash from users',
  'names of people': 'select name from users',
  sessions: 'select * from sessions',
  'API tokens': 'select * from api_tokens',
  'codes sent by mail': 'select * from email_codes',
  webhooks: 'select * from webhooks',
  seeds: 'select seed from phases',
  'what people are told': 'select payload from notifications',
  'the audit log': 'select * from audit_log',
  drafts: 'select * from drafts',
  'files as they were handed in': 'select files from submissions',
  'joining codes': 'select * from challenges',
  'making itself an instructor': "update members set role = 'instructor'",
  'a later deadline': 'update challenges set closes_at = now()',
  'another protocol': "update evaluations set protocol = '{}'",
  'an evaluation of its own': 'insert into evaluations (submission_id, phase_id, protocol) select submission_id, phase_id, protocol from evaluations',
  'removing results': 'delete from cells',
  'changing results': 'update cells set correct = total',
  'a submission of its own': 'insert into submissions default values',
  'ranks by hand': 'update ranks set position = 1',
  'other code': 'create table public.mine (id int)',
  'other people’s mail': `select graphile_worker.add_job('send-mail', '{}')`,
};

test.each(Object.entries(forbidden))('the role is kept from %s', async (_, statement) => {
  await expect(role.unsafe(statement)).rejects.toThrow(/permission denied|row-level security/);
});

test('of the queue it sees the jobs it runs, and cannot take the others', async () => {
  await rawSql()`select graphile_worker.add_job('send-mail', '{"to": "somebody@gauntlet.test"}')`;
  const seen = await role`select t.identifier from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id`;
  expect(seen.map(({ identifier }) => identifier)).not.toContain('send-mail');
  expect(await role`delete from graphile_worker._private_jobs where task_id in (select id from graphile_worker._private_tasks where identifier = 'send-mail') returning id`).toEqual([]);
  const [{ left }] = await rawSql()`select count(*)::int as left from graphile_worker.jobs where task_identifier = 'send-mail'`;
  expect(left).toBe(1);
});

test('a worker that may not migrate says when the schema is not its own', async () => {
  await requireMigrated(address);
  await rawSql()`update drizzle.__drizzle_migrations set created_at = created_at + 1 where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`;
  await expect(requireMigrated(address)).rejects.toThrow('newer than this worker: update this worker');
  await rawSql()`delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`;
  await expect(requireMigrated(address)).rejects.toThrow('older than this worker');
});
