// A worker: claims shards, has its children run them, lands what they find, and answers for their ends.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readArtifact } from '../lib/artifacts/read.ts';
import { limitSentence, type ChildLimits } from '../lib/child-limits.ts';
import { database } from '../lib/db/client.ts';
import { messageOf } from '../lib/errors.ts';
import type { DerivedKey } from '../lib/derived-keys.ts';
import { landPart } from '../lib/evaluations/land.ts';
import { classFor } from '../lib/evaluations/numerics.ts';
import { shardCost, shardDone, shardWaits, takeShard, type Work } from '../lib/evaluations/work.ts';
import { limits } from '../lib/limits.ts';
import { log, withLogContext } from '../lib/log.ts';
import { beat, countWork, type WorkerFacts } from '../lib/queue/heartbeat.ts';
import { handBack, numericsClassOf, passOn, shardJobSchema, shardsIn, taskNames, taskOfClass, type HeldJob, type KeyedShard, type ShardJob } from '../lib/queue/jobs.ts';
import { reclaim, retire } from '../lib/queue/reclaim.ts';
import { startRunner, type QueueRunner } from '../lib/queue/runner.ts';
import type { DeviceName, EngineName } from '../lib/runtimes.ts';
import { canaryOf } from './canary.ts';
import { childProgram } from './child-code.ts';
import { crewOf } from './crew.ts';
import { ChildFailure, evaluatorOf } from './evaluator.ts';
import { startKeeper } from './keeper.ts';
import { modelCache } from './models.ts';
import { findSandbox, startChild } from './sandbox.ts';
import { checkNotifier, startNotifier } from './notifier.ts';
import { judge } from './verdict.ts';

export type WorkerOptions = {
  name: string;
  concurrency: number;
  dataDirectory: string;
  engine?: EngineName;
  device?: DeviceName;
  heartbeatSeconds?: number;
  /** A worker not heard of for this long is taken for dead. */
  workerSilenceSeconds?: number;
  /** Only evaluates: what needs seeds or the whole database (ranks, re-evaluations, drafts) is left to other workers. */
  evaluateOnly?: boolean;
  /** Also sends mail, calls webhooks and reminds of deadlines. */
  notifications?: boolean;
  /** How long running shards may go on when the worker is asked to stop. */
  drainSeconds?: number;
  childLimits?: Partial<ChildLimits>;
};

export type RunningWorker = {
  id: string;
  facts: WorkerFacts;
  /** Claims no more, lets running shards end, hands back the rest. Safe to call again: the second call does not wait for shards. */
  stop(): Promise<void>;
  /** Resolves with the exit code when the worker has left, by itself or not. */
  left: Promise<number>;
};

/** Somebody cancelled the evaluation, or it failed elsewhere, while a shard of it was running: nobody's failure. */
class EvaluationOver extends Error {}

/** What of the queue's job is looked at. */
type QueueJob = { id: string; priority: number; run_at: Date };

/** Two children at their limits, and the canary. */
const stuckAfter = ({ sessionSeconds, shardWallSeconds }: ChildLimits) => 3 * (sessionSeconds + shardWallSeconds);
/** For what follows the end of the children when a worker leaves. */
const lastSeconds = 10;

/** Starts a worker; resolves when its canary did well and it claims work. Throws when the canary did not. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  if (options.notifications) checkNotifier();
  const { name, concurrency, dataDirectory, engine = 'onnxruntime', device = 'cpu' } = options;
  const { heartbeatSeconds = limits.heartbeatSeconds, workerSilenceSeconds = limits.workerSilenceSeconds, drainSeconds = 10 } = options;
  const bounds: ChildLimits = { ...limits, ...options.childLimits };
  const id = randomUUID();
  const program = await childProgram();
  const sandbox = findSandbox(dataDirectory, { engine, device });
  const crew = crewOf(concurrency, async () => {
    const child = evaluatorOf(startChild(sandbox, program), bounds, { engine, device });
    await child.prepare(dataDirectory);
    // What it took until now is ours.
    child.processorSeconds();
    return child;
  });
  const canary = await canaryOf();
  const { why, ...info } = await canary.sing(crew).catch((error) => {
    crew.kill();
    throw new Error(`The worker does not start, because its canary failed: ${messageOf(error)}`, { cause: error });
  });
  log.info({ asked: { engine, device }, ...info }, why ?? 'the engine and device asked for are there');

  const ownClass = numericsClassOf(info);
  const models = modelCache(readArtifact);
  /** Jobs that were thrown back to the queue, and when. */
  let thrown: (HeldJob & { at: number })[] = [];
  let stopping = false;
  let leave: (code: number) => void = () => {};

  function requireBudget({ spent, estimated }: { spent: number; estimated: number }): void {
    const budget = Math.max(bounds.budgetSeconds, bounds.budgetMultiple * estimated);
    if (spent <= budget) return;
    const found = `${spent.toFixed(1)} s used with more to do; that is more than ${budget.toFixed(1)} s`;
    throw new ChildFailure('compute-budget', limitSentence('compute-budget', bounds, found));
  }

  async function evaluate(work: Work, keys: DerivedKey[]): Promise<void> {
    const { shardId, protocol, trial, start, end, modelSha256 } = work;
    if (start < end) {
      await crew.borrow(modelSha256, () => models(modelSha256), async (child) => {
        const run = child.run({ protocol, trial, start, end, keys }, async (part) => {
          const { over } = await landPart(work, part, id).catch((error) => {
            throw /was refused/.test(messageOf(error)) ? new ChildFailure('crash', messageOf(error)) : error;
          });
          // The child goes with it, so that a cancelled evaluation costs no more than a part.
          if (over) throw new EvaluationOver();
        });
        const failed = await run.then(() => null, (error: unknown) => ({ error }));
        const cost = await shardCost(shardId, child.processorSeconds());
        if (failed) throw failed.error;
        requireBudget(cost);
      });
    }
    await shardDone(shardId);
    await countWork(id, { shards: 1 });
  }

  /** One job of the queue. Throwing gives it back to the queue, which tries it again a little later (`keepPlaces`). */
  async function evaluateShard(payload: unknown, { job }: { job: QueueJob }): Promise<void> {
    // Nothing here may take that long; if something does (a database that neither answers nor fails), others shall have the job.
    const stuck = setTimeout(() => {
      log.error({ job: job.id }, 'a job is stuck: this worker leaves');
      void stop(1);
    }, stuckAfter(bounds) * 1000);
    return runOrPassOn(job, shardJobSchema.parse(payload), () => stuck.refresh())
      .catch((error) => {
        thrown.push({ id: job.id, runAt: job.run_at, at: performance.now() });
        throw error;
      })
      .finally(() => clearTimeout(stuck));
  }

  /** Puts what was thrown back a heartbeat ago where it stood: the queue would have it wait behind everything that waits now. */
  async function keepPlaces(): Promise<void> {
    const since = performance.now() - heartbeatSeconds * 1000;
    const due = thrown.filter(({ at }) => at < since);
    if (due.length === 0) return;
    // While its database was away the queue could not write the failure down: such a job is locked for a moment more.
    const locked = await database().transaction((tx) => handBack(tx, due));
    thrown = thrown.filter((job) => !due.includes(job) || locked.includes(job.id));
  }

  /** An attack that belongs to another numerics class goes back into the queue, where only workers of that class see it. */
  async function runOrPassOn({ priority, run_at: runAt }: QueueJob, payload: ShardJob, ran: () => void): Promise<void> {
    const wanted = await classFor(payload.shardId, ownClass);
    if (wanted === null || wanted === ownClass) {
      for (const [place, shard] of shardsIn(payload).entries()) {
        // The job is thrown back, and what has landed of it is not run again.
        if (place > 0 && stopping) throw new Error('The worker leaves before the last shards of this job.');
        await runShard(shard);
        ran();
      }
      return;
    }
    await database().transaction((tx) => passOn(tx, { payload, priority, runAt }, taskOfClass(wanted)));
  }

  async function runShard({ shardId, keys }: KeyedShard): Promise<void> {
    for (;;) {
      const work = await takeShard(shardId, id);
      if (!work) return;
      try {
        return await withLogContext({ evaluation: work.evaluationId, shard: shardId }, () => evaluate(work, keys));
      } catch (error) {
        if (error instanceof EvaluationOver) return;
        const verdict = stopping ? 'stopped' : await judge(error, work, () => canary.sing(crew));
        if (!stopping) await countWork(id, { childFailures: 1 });
        if (verdict === 'over') return;
        if (verdict === 'again') continue;
        await shardWaits(shardId);
        if (verdict === 'leave') void stop(1);
        throw error;
      }
    }
  }

  const runners: QueueRunner[] = [
    await startRunner({ [taskNames.evaluateShard]: evaluateShard, [taskOfClass(ownClass)]: evaluateShard }, { concurrency }),
    ...(options.evaluateOnly ? [] : [await startKeeper()]),
    ...(options.notifications ? [await startNotifier()] : []),
  ];
  const facts: WorkerFacts = {
    id, name, concurrency, ...info, missingLayers: sandbox.missing, queueWorkerIds: runners.map((runner) => runner.id),
  };
  const tick = async () => {
    await beat(facts);
    await keepPlaces();
    const found = await reclaim(workerSilenceSeconds);
    if (found.jobs > 0 || found.workers.length > 0) log.warn(found, 'took back the work of silent workers');
  };
  await tick();
  const missedBeat = (error: unknown) => log.warn({ error: messageOf(error) }, 'a heartbeat failed');
  // One that hangs in a dead connection does not hold up the next.
  let ticking: Promise<unknown> = Promise.resolve();
  const heart = setInterval(() => { ticking = Promise.all([ticking, tick().catch(missedBeat)]); }, heartbeatSeconds * 1000);

  const left = new Promise<number>((resolve) => { leave = resolve; });
  let stopped: Promise<void> | undefined;
  async function stop(code: number): Promise<void> {
    if (stopped) {
      crew.kill();
      return stopped;
    }
    stopping = true;
    stopped = (async () => {
      const patience = setTimeout(() => crew.kill(), drainSeconds * 1000);
      await Promise.race([Promise.allSettled(runners.map((runner) => runner.stop())), sleep((drainSeconds + lastSeconds) * 1000)]);
      clearTimeout(patience);
      clearInterval(heart);
      crew.kill();
      // A heartbeat under way that arrived after the goodbye would take it back.
      await Promise.race([ticking, sleep(lastSeconds * 1000)]);
      // Without a database there is nobody to tell; the others will notice the silence.
      await retire(id, thrown).catch((error) => log.error({ error: messageOf(error) }, 'could not say goodbye'));
      leave(code);
    })();
    return stopped;
  }
  for (const runner of runners) {
    void runner.ended.catch((error) => {
      log.error({ error: messageOf(error) }, 'the queue gave up');
      void stop(1);
    });
  }
  return { id, facts, left, stop: () => stop(0) };
}
