// kill -9 of a child and of a whole worker in the middle of an evaluation: it finishes by itself, with the same bits as
// an undisturbed run, nothing lost and nothing twice.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asc, count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { database, rawSql } from '../../lib/db/client.ts';
import { cells, parts, shards, workers } from '../../lib/db/schema.ts';
import { here } from '../../lib/bootstrap/processes.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { family } from '../../workers/watch.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, linearModel, person, submit } from '../evaluations/stage.ts';
import { alive, childrenOf, startWorkerProcess, type WorkerProcess } from './processes.ts';

const images = (size: number) => ({ split: 'test' as const, size });
const protocol: Protocol = {
  name: 'for-killing',
  images: images(6000),
  trials: [
    { kind: 'mixed' },
    { kind: 'clean' },
    { kind: 'perturbation', perturbation: 'gaussian_blur', severity: 3, images: images(2000) },
    { kind: 'perturbation', perturbation: 'jpeg', severity: 2, images: images(2000) },
    {
      kind: 'attack', attack: 'pgd', norm: 'linf', epsilon: 0.05, stepSize: 0.01, steps: 20, randomStart: true, restarts: 1, count: 'last',
      images: images(2000),
    },
  ],
};
const patient = { timeout: 120_000, interval: 20 };

let fresh: FreshDatabase;
/** The temporary folder of all workers. */
const temporary = mkdtempSync(join(tmpdir(), 'gauntlet-kill-'));
const running: WorkerProcess[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(async () => {
  for (const worker of running) worker.process.kill('SIGKILL');
  await fresh.drop();
  rmSync(temporary, { recursive: true });
});

const start = async (name: string) => {
  const worker = await startWorkerProcess(fresh.url, name, [], { ...here, environment: { TMPDIR: temporary } });
  running.push(worker);
  return worker;
};
const finished = (id: string) => expect.poll(async () => (await evaluationRow(id)).status, patient).toBe('finished');
const landedParts = async (id: string) => (await database().select({ n: count() }).from(parts).where(eq(parts.evaluationId, id)))[0].n;

async function outcome(evaluationId: string) {
  const rows = await database().select().from(cells).where(eq(cells.evaluationId, evaluationId)).orderBy(asc(cells.trialId));
  return rows.map(({ trialId, total, correct, correctBits, predictions, confusion, diagnostics }) => ({
    trialId, total, correct, confusion, diagnostics,
    bits: Buffer.from(correctBits).toString('hex'), predictions: Buffer.from(predictions).toString('hex'),
  }));
}

test('an evaluation survives the death of its child and then of its worker', { timeout: 180_000 }, async () => {
  const [student, challenge] = [await person(), await challengeOf(protocol)];
  const first = await start('first');

  const calm = await submit(student, challenge.id, linearModel(7));
  await finished(calm.evaluationId);

  const stormy = await submit(student, challenge.id, linearModel(7));
  await expect.poll(() => landedParts(stormy.evaluationId), patient).toBeGreaterThan(0);
  const struck = childrenOf(first.process.pid!);
  expect(struck.length).toBeGreaterThan(0);
  for (const child of struck) process.kill(child, 'SIGKILL');

  const before = await landedParts(stormy.evaluationId);
  await expect.poll(() => landedParts(stormy.evaluationId), patient).toBeGreaterThan(before);
  expect((await evaluationRow(stormy.evaluationId)).status).toBe('running');
  // With all that the children started, in their own namespaces too.
  const orphans = family(first.process.pid!).slice(1);
  first.process.kill('SIGKILL');
  await first.left;
  await expect.poll(() => orphans.filter(alive), { timeout: 10_000 }).toEqual([]);
  // But what tsx keeps of the worker's own code for the next start.
  expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual([]);

  await start('second');
  await finished(stormy.evaluationId);
  expect(await outcome(stormy.evaluationId)).toEqual(await outcome(calm.evaluationId));
  expect(await outcome(stormy.evaluationId)).toHaveLength(protocol.trials.length);

  const rows = await database().select().from(shards).where(eq(shards.evaluationId, stormy.evaluationId));
  expect(rows.map(({ status, limitsMet }) => [status, limitsMet])).toEqual(rows.map(() => ['done', []]));
  const [dead] = await database().select().from(workers).where(eq(workers.name, 'first'));
  expect(dead.stoppedAt).not.toBeNull();
});

test('a worker asked to stop hands its shard over, and another goes on with it', { timeout: 120_000 }, async () => {
  const [student, challenge] = [await person(), await challengeOf({ ...protocol, trials: protocol.trials.slice(0, 1) })];
  const leaving = await startWorkerProcess(fresh.url, 'leaving', ['--drain', '0.1']);
  running.push(leaving);
  const entered = await Promise.all([submit(student, challenge.id), submit(student, challenge.id)]);
  const landed = async () => (await Promise.all(entered.map((one) => landedParts(one.evaluationId)))).reduce((a, b) => a + b);
  await expect.poll(landed, patient).toBeGreaterThan(0);
  leaving.process.kill('SIGTERM');
  expect(await leaving.left, leaving.output()).toBe(0);
  for (const { evaluationId } of entered) await finished(evaluationId);
});

test('an evaluation survives the loss of every connection of its worker', { timeout: 120_000 }, async () => {
  for (const worker of running.splice(0)) worker.process.kill('SIGKILL');
  const worker = await startWorkerProcess(`${fresh.url}?application_name=stormy`, 'stormy');
  running.push(worker);
  const { evaluationId } = await submit(await person(), (await challengeOf({ ...protocol, images: images(10_000), trials: protocol.trials.slice(0, 2) })).id);
  for (let storms = 1; storms <= 3; storms++) {
    const before = await landedParts(evaluationId);
    await expect.poll(() => landedParts(evaluationId), patient).toBeGreaterThan(before);
    const hit = await rawSql()`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'stormy'`;
    expect(hit.length).toBeGreaterThan(0);
  }
  await finished(evaluationId);
  expect(worker.process.exitCode, worker.output()).toBeNull();
});
