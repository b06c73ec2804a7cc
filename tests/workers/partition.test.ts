// The network of a worker is cut in the middle: no crash, nobody says goodbye, and what was on its way comes later. Its shards go on
// elsewhere meanwhile, and what it has to say when the network is back changes nothing.
import { and, asc, eq } from 'drizzle-orm';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { database, rawSql } from '../../lib/db/client.ts';
import { cells, parts, shards, workers } from '../../lib/db/schema.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { landPart } from '../../lib/evaluations/land.ts';
import { takeShard } from '../../lib/evaluations/work.ts';
import { layCable, type Cable } from '../bench/machines/cable.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, linearModel, partOf, person, submit } from '../evaluations/stage.ts';
import { startWorkerProcess, type WorkerProcess } from './processes.ts';

const images = (size: number) => ({ split: 'test' as const, size });
const protocol: Protocol = {
  name: 'for-cutting',
  images: images(10_000),
  trials: [
    { kind: 'mixed' },
    { kind: 'clean' },
    {
      kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.05, stepSize: 0.01, steps: 20, randomStart: true, restarts: 1, count: 'last',
      images: images(2000),
    },
  ],
};
const patient = { timeout: 90_000, interval: 20 };

let fresh: FreshDatabase;
const cables: Cable[] = [];
const running: WorkerProcess[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => {
  for (const worker of running) worker.process.kill('SIGKILL');
  for (const cable of cables) await cable.close();
  await fresh.drop();
});

async function lay(): Promise<Cable> {
  cables.push(await layCable(fresh.url));
  return cables.at(-1)!;
}
async function start(url: string, name: string): Promise<WorkerProcess> {
  const worker = await startWorkerProcess(url, name);
  running.push(worker);
  return worker;
}
const finished = (id: string) => expect.poll(async () => (await evaluationRow(id)).status, patient).toBe('finished');

async function outcome(evaluationId: string) {
  const rows = await database().select().from(cells).where(eq(cells.evaluationId, evaluationId)).orderBy(asc(cells.trialId));
  return rows.map(({ trialId, total, correct, correctBits, predictions, confusion, diagnostics }) => ({
    trialId, total, correct, confusion, diagnostics,
    bits: Buffer.from(correctBits).toString('hex'), predictions: Buffer.from(predictions).toString('hex'),
  }));
}

test('shards of a worker that is cut off go on elsewhere, its late answers change nothing, and it works again', { timeout: 180_000 }, async () => {
  const [student, challenge, cable] = [await person(), await challengeOf(protocol), await lay()];
  await Promise.all([start(cable.url, 'cut off'), start(fresh.url, 'the other')]);
  const cutOff = async () => (await database().select().from(workers).where(eq(workers.name, 'cut off')))[0];
  const { id: workerId } = await cutOff();
  const cut = await submit(student, challenge.id, linearModel(7));
  const inHand = and(eq(shards.workerId, workerId), eq(shards.status, 'running'));
  await expect.poll(() => database().$count(shards, inHand), patient).toBe(1);
  cable.pull();
  await finished(cut.evaluationId);
  expect((await cutOff()).stoppedAt).not.toBeNull();
  const before = await outcome(cut.evaluationId);

  cable.plug();
  await expect.poll(async () => (await cutOff()).stoppedAt, patient).toBeNull();
  const [calm, second] = [await submit(student, challenge.id, linearModel(7)), await submit(student, challenge.id, linearModel(8))];
  await finished(calm.evaluationId);
  await finished(second.evaluationId);
  expect(await outcome(cut.evaluationId)).toEqual(before);
  expect(await outcome(cut.evaluationId)).toEqual(await outcome(calm.evaluationId));
  const ran = await database().selectDistinct({ worker: workers.name }).from(shards)
    .innerJoin(workers, eq(workers.id, shards.workerId)).where(eq(shards.evaluationId, second.evaluationId));
  expect(ran.map(({ worker }) => worker)).toContain('cut off');
  expect(await database().$count(parts)).toBe(0);
});

test('a transaction whose worker was cut off gives its locks back', { timeout: 60_000 }, async () => {
  for (const worker of running.splice(0)) worker.process.kill('SIGKILL');
  const asked = await rawSql()`select name, setting from pg_settings where name in ('idle_in_transaction_session_timeout', 'tcp_keepalives_idle') order by 1`;
  expect(asked.map(({ setting }) => setting)).toEqual(['30000', '30']);

  const { evaluationId } = await submit(await person(), (await challengeOf(protocol)).id, linearModel(9));
  const [shard] = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId));
  const cable = await lay();
  const lost = new Client(cable.url);
  const heard = new Promise((resolve) => lost.on('error', resolve));
  await lost.connect();
  // As a test cannot wait half a minute.
  await lost.query(`begin; set local idle_in_transaction_session_timeout = '1s'`);
  await lost.query(`select 1 from evaluations where id = '${evaluationId}' for update`);
  cable.pull();
  const work = (await takeShard(shard.id, '00000000-0000-4000-8000-000000000001'))!;
  expect(await landPart(work, partOf(work.trialId, 0, work.partSize), null)).toMatchObject({ fresh: true });
  cable.plug();
  expect(String(await heard)).toMatch(/idle-in-transaction/);
});
