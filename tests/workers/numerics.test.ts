// One numerics class runs the attacks of a phase: others pass them on through the queue, and it is said when nobody takes them.
import { createRequire } from 'node:module';
import { eq, gt } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { cells, phases, shards } from '../../lib/db/schema.ts';
import type { Protocol } from '../../lib/evaluation/trial.ts';
import { classFor } from '../../lib/evaluations/numerics.ts';
import { overview } from '../../lib/monitoring/overview.ts';
import { numericsClassOf, taskOfClass } from '../../lib/queue/jobs.ts';
import type { EngineName } from '../../lib/runtimes.ts';
import { startWorker, type RunningWorker } from '../../workers/supervisor.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, evaluationRow, person, submit } from '../evaluations/stage.ts';

const protocol: Protocol = {
  name: 'with-an-attack',
  images: { split: 'test', first: 64 },
  trials: [{ kind: 'clean' }, { kind: 'attack', attack: 'fgsm', norm: 'linf', epsilon: 0.02 }],
};
const patient = { timeout: 60_000, interval: 50 };

let fresh: FreshDatabase;
let student: Viewer;
let teacher: Viewer;
const running: RunningWorker[] = [];
beforeAll(async () => {
  fresh = await freshDatabase();
  [student, teacher] = [await person(), await person('instructor')];
});
afterAll(async () => {
  await Promise.all(running.map((worker) => worker.stop()));
  await fresh.drop();
});

async function start(engine: EngineName): Promise<RunningWorker> {
  const dataDirectory = await findFashionMnist();
  const worker = await startWorker({ name: engine, engine, concurrency: 1, dataDirectory, heartbeatSeconds: 0.5, drainSeconds: 5 });
  running.push(worker);
  return worker;
}
async function phaseOf(challengeId: string) {
  const rows = await database().select().from(phases).where(eq(phases.challengeId, challengeId));
  return rows.find(({ kind }) => kind === 'public')!;
}
const ranOn = async (evaluationId: string) => {
  const rows = await database().select().from(cells).where(eq(cells.evaluationId, evaluationId)).orderBy(cells.trialId);
  return rows.map(({ trialId, engine }) => [trialId.split('/')[0], engine]);
};
const jobs = async () => rawSql()`
  select t.identifier as task, j.attempts from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  where t.identifier like 'evaluate-shard%'`;

test('the first to ask fixes the class, of any number at once, and of attacks alone', async () => {
  const challenge = await challengeOf(protocol);
  const { evaluationId } = await submit(student, challenge.id);
  const own = await database().select().from(shards).where(eq(shards.evaluationId, evaluationId)).orderBy(shards.ordinal);
  const [clean, attack] = own.map(({ id }) => id);
  expect(await classFor(clean, 'one')).toBeNull();
  expect((await phaseOf(challenge.id)).numericsClass).toBeNull();
  const answers = await Promise.all(['one', 'two', 'three'].map((asking) => classFor(attack, asking)));
  expect(new Set(answers).size).toBe(1);
  expect(await classFor(attack, 'four')).toBe(answers[0]);
  expect((await phaseOf(challenge.id)).numericsClass).toBe(answers[0]);
  await rawSql()`delete from graphile_worker._private_jobs`;
  await database().update(shards).set({ status: 'failed', finishedAt: new Date() });
});

test('attacks wait for their class, whose workers run them; everything else is anybody’s', { timeout: 120_000 }, async () => {
  const challenge = await challengeOf(protocol);
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const wanted = numericsClassOf({ engine: `onnxruntime-node ${version}`, device: 'cpu' });
  // One entered before the class was fixed finds its way too: its job stands under the task of everybody.
  const generic = await submit(student, challenge.id);
  await database().update(phases).set({ numericsClass: wanted });
  const direct = await submit(student, challenge.id);
  const other = await start('tensorflow');
  const waiting = async () => (await overview(teacher)).stalled;
  await expect.poll(waiting, patient).toEqual([{ numericsClass: wanted, shards: 2 }]);
  await expect.poll(async () => [...(await ranOn(generic.evaluationId)), ...(await ranOn(direct.evaluationId))], patient).toHaveLength(2);
  const passedOn = { task: taskOfClass(wanted), attempts: 0 };
  await expect.poll(jobs, patient).toEqual([passedOn, passedOn]);
  expect(await database().$count(shards, gt(shards.platformFailures, 0))).toBe(0);

  const own = await start('onnxruntime');
  for (const { evaluationId } of [generic, direct]) {
    await expect.poll(async () => (await evaluationRow(evaluationId)).status, patient).toBe('finished');
    expect(await ranOn(evaluationId)).toEqual([['clean', other.facts.engine], ['fgsm', own.facts.engine]]);
  }
  expect(await waiting()).toEqual([]);

  // Where no class is fixed yet, whoever comes first fixes its own.
  const open = await challengeOf(protocol);
  const { evaluationId } = await submit(student, open.id);
  await expect.poll(async () => (await evaluationRow(evaluationId)).status, patient).toBe('finished');
  const { numericsClass } = await phaseOf(open.id);
  expect([own, other].map(({ facts }) => numericsClassOf(facts))).toContain(numericsClass);
  expect((await ranOn(evaluationId))[1][1]).toBe(numericsClass!.replace(/ on .*/, ''));
});
