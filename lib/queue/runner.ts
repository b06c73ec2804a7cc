// A pool that claims jobs of some tasks, over graphile-worker. What the tasks do is the caller's.
import { EventEmitter } from 'node:events';
import { parseCronItems, run, type CronItem, type Runner, type Task, type TaskList, type WorkerEvents } from 'graphile-worker';
import { databaseUrl } from '../db/client.ts';
import { withLogContext } from '../log.ts';
import { queueLogger } from './logger.ts';

export type QueueRunner = {
  /** The name it locks jobs by. */
  id: string;
  /** Claims no more and resolves when the running jobs have ended. */
  stop(): Promise<void>;
  /** Rejects when the runner gave up by itself. */
  ended: Promise<void>;
};

/** What is logged while a task runs says of which job. */
const logged = (task: string, run: Task): Task => (payload, helpers) =>
  withLogContext({ job: helpers.job.id, task }, () => run(payload, helpers));

/** Starts claiming at once. Cron items name tasks of the same list. */
export async function startRunner(tasks: TaskList, options: { concurrency: number; cron?: CronItem[] }): Promise<QueueRunner> {
  const { concurrency, cron = [] } = options;
  const events = new EventEmitter() as WorkerEvents;
  const ids: string[] = [];
  events.on('pool:create', ({ workerPool }) => ids.push(workerPool.id));
  const runner: Runner = await run({
    connectionString: databaseUrl(),
    taskList: Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, logged(name, task!)])),
    concurrency,
    parsedCronItems: parseCronItems(cron),
    noHandleSignals: true,
    pollInterval: 1000,
    maxPoolSize: concurrency + 2,
    logger: queueLogger,
    events,
  });
  if (ids.length !== 1) throw new Error(`The queue made ${ids.length} pools; one was expected.`);
  return { id: ids[0], stop: () => runner.stop(), ended: runner.promise };
}
