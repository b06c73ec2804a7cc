// A worker without children, started by stubs.ts: claims shards and lands made-up parts by the verbs that a real one uses, and tells
// its parent how long each step took. It has its own connections, heartbeat and share of reclaiming, as a real one has.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readArtifact } from '../../../lib/artifacts/read.ts';
import { connect, disconnect } from '../../../lib/db/client.ts';
import { landPart } from '../../../lib/evaluations/land.ts';
import { classFor } from '../../../lib/evaluations/numerics.ts';
import { shardDone, takeShard } from '../../../lib/evaluations/work.ts';
import { limits } from '../../../lib/limits.ts';
import { beat, countWork } from '../../../lib/queue/heartbeat.ts';
import { numericsClassOf, shardJobSchema, shardsIn, taskNames, taskOfClass } from '../../../lib/queue/jobs.ts';
import { reclaim, retire } from '../../../lib/queue/reclaim.ts';
import { startRunner } from '../../../lib/queue/runner.ts';
import { modelCache } from '../../../workers/models.ts';
import { madeUp } from './made-up.ts';

/** From the queue's lock to the work in hand; from a part to its commit; all that is left of a shard but its parts. Milliseconds. */
export type Steps = { claim: number[]; land: number[]; finish: number[] };
export type Said = { ready: true } | { steps: Steps; shards: number; parts: number };
/** `milliseconds` is what a shard takes as if a child ran it. `count` begins to count anew, `tell` asks for what was counted. */
export type Order = { milliseconds: number } | 'count' | 'tell' | 'leave';

const runtime = { engine: 'stub', device: 'cpu' };
const ownClass = numericsClassOf(runtime);
const id = randomUUID();
const models = modelCache(readArtifact);
const nothing = () => ({ steps: { claim: [], land: [], finish: [] } as Steps, shards: 0, parts: 0 });
let counted = nothing();
let milliseconds = 0;
const say = (said: Said) => process.send!(said);

async function timed<T>(into: number[], act: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const result = await act();
  into.push(performance.now() - begun);
  return result;
}

async function run(payload: unknown, { job }: { job: { locked_at: Date | null } }): Promise<void> {
  // Both clocks are this machine's; the lock's is the statement's beginning.
  const waited = Math.max(0, Date.now() - (job.locked_at?.getTime() ?? Date.now()));
  for (const [place, { shardId }] of shardsIn(shardJobSchema.parse(payload)).entries()) await runShard(shardId, place === 0 ? waited : 0);
}

async function runShard(shardId: string, waited: number): Promise<void> {
  const begun = performance.now();
  await classFor(shardId, ownClass);
  const work = await takeShard(shardId, id);
  if (!work) return;
  await models(work.modelSha256);
  counted.steps.claim.push(waited + performance.now() - begun);
  const parts = [...madeUp(work, runtime)];
  for (const part of parts) {
    if (milliseconds > 0) await sleep(milliseconds / parts.length);
    if ((await timed(counted.steps.land, () => landPart(work, part, id))).over) return;
  }
  await timed(counted.steps.finish, async () => {
    await shardDone(shardId);
    await countWork(id, { shards: 1 });
  });
  counted.shards++;
  counted.parts += parts.length;
}

const [url, name] = process.argv.slice(2);
connect(url);
const runner = await startRunner({ [taskNames.evaluateShard]: run, [taskOfClass(ownClass)]: run }, { concurrency: 1 });
const tick = async () => {
  await beat({ id, name, ...runtime, concurrency: 1, missingLayers: [], queueWorkerIds: [runner.id] });
  await reclaim();
};
await tick();
const heart = setInterval(() => void tick(), limits.heartbeatSeconds * 1000);

async function leave(): Promise<void> {
  clearInterval(heart);
  await runner.stop();
  await retire(id);
  await disconnect();
  process.exit(0);
}

process.on('message', (order: Order) => {
  if (order === 'leave') void leave();
  else if (order === 'count') counted = nothing();
  else if (order === 'tell') say(counted);
  else milliseconds = order.milliseconds;
});
process.on('disconnect', () => process.exit(1));
say({ ready: true });
