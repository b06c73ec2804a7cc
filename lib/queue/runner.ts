// A pool that claims jobs of some tasks, over graphile-worker. What the tasks do is the caller's.
import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseCronItems, run, type CronItem, type Runner, type Task, type TaskList, type WorkerEvents } from 'graphile-worker';
import { Pool } from 'pg';
import { databaseUrl, farewell } from '../db/client.ts';
import { messageOf } from '../errors.ts';
import { log, withLogContext } from '../log.ts';
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
  const asked = Object.entries(farewell).map(([name, value]) => `-c ${name}=${value}`).join(' ');
  const pool = new Pool({ connectionString: databaseUrl(), max: concurrency + 2, options: asked });
  const lost = (error: Error) => log.warn({ error: messageOf(error) }, 'the queue lost a connection');
  // Idle ones tell the pool, those in use themselves.
  pool.on('error', lost).on('connect', (client) => client.on('error', lost));
  const runner: Runner = await run({
    pgPool: pool,
    // What the address says to our own connections, it says to these: behind a pooler, statements are not prepared (docs/scaling.md).
    noPreparedStatements: new URL(databaseUrl()).searchParams.get('prepare') === 'false',
    taskList: Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, logged(name, task!)])),
    concurrency,
    parsedCronItems: parseCronItems(cron),
    noHandleSignals: true,
    pollInterval: 1000,
    logger: queueLogger,
    events,
  });
  if (ids.length !== 1) throw new Error(`The queue made ${ids.length} pools; one was expected.`);
  const stop = async () => {
    await runner.stop();
    // The library (0.17) asks for the last jobs to be completed and does not wait for it: its own pool would close before it is sent.
    await nextTurn();
    await pool.end();
  };
  return { id: ids[0], stop, ended: runner.promise };
}
