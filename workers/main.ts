// The worker's command: npm run worker -- --concurrency N --engine onnxruntime --device cpu --name NAME
import { availableParallelism, hostname } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { findFashionMnist } from '../lib/datasets/find.ts';
import { connect, disconnect, outliveDatabase } from '../lib/db/client.ts';
import { migrate, requireMigrated } from '../lib/db/migrate.ts';
import { env } from '../lib/env.ts';
import { messageOf } from '../lib/errors.ts';
import { limits } from '../lib/limits.ts';
import { log } from '../lib/log.ts';
import { deviceNames, engineNames } from '../lib/runtimes.ts';
import { onStopSignals } from '../lib/signals.ts';
import { startWorker, type WorkerOptions } from './supervisor.ts';

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}

type Named = Pick<WorkerOptions, 'concurrency' | 'name' | 'engine' | 'device' | 'evaluateOnly' | 'notifications'>;

const options = new Command('worker')
  .description('Evaluates submissions. Needs DATABASE_URL; any number of workers on any machines may share one database.')
  .option('--concurrency <n>', 'shards run at once, each in a process of one thread', positive, availableParallelism())
  .addOption(new Option('--engine <engine>', 'what runs the models').choices(engineNames).default('onnxruntime'))
  .addOption(new Option('--device <device>', 'where; the processor if it is not there').choices(deviceNames).default('cpu'))
  .option('--name <name>', 'how this worker is called on the monitoring page', hostname())
  .addOption(
    new Option('--evaluate-only', 'leave ranks and all else to other workers; enough rights for it has the role of `gauntlet worker-role`').conflicts('notifications'),
  )
  .option('--notifications', 'also send mail, call webhooks and remind of deadlines; one worker of the site is enough')
  .option('--heartbeat <seconds>', 'how often to say that it lives', positive, limits.heartbeatSeconds)
  .option('--reclaim-after <seconds>', 'silence after which another worker is taken for dead', positive, limits.workerSilenceSeconds)
  .option('--silence <seconds>', 'silence after which a child is killed', positive, limits.silenceSeconds)
  .option('--drain <seconds>', 'how long running shards may go on after SIGTERM or SIGINT; a second one ends them at once', positive, 10)
  .parse()
  .opts<Named & Record<'heartbeat' | 'reclaimAfter' | 'silence' | 'drain', number>>();

outliveDatabase((error) => {
  log.fatal({ error }, messageOf(error));
  process.exit(1);
});

try {
  const url = env().DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set: it names the Postgres that the site and all workers share.');
  connect(url);
  await (options.evaluateOnly ? requireMigrated : migrate)(url);
  const worker = await startWorker({
    name: options.name,
    concurrency: Math.ceil(options.concurrency),
    engine: options.engine,
    device: options.device,
    evaluateOnly: options.evaluateOnly,
    notifications: options.notifications,
    dataDirectory: await findFashionMnist(),
    heartbeatSeconds: options.heartbeat,
    workerSilenceSeconds: options.reclaimAfter,
    drainSeconds: options.drain,
    childLimits: { silenceSeconds: options.silence },
  });
  onStopSignals(() => void worker.stop(), () => void worker.stop());
  for (const layer of worker.facts.missingLayers) log.warn(`The sandbox lacks a layer. ${layer}`);
  log.info({ worker: worker.id, ...worker.facts }, 'the worker is ready');
  const code = await worker.left;
  await disconnect();
  process.exit(code);
} catch (error) {
  log.fatal({ error }, messageOf(error));
  process.exit(1);
}
