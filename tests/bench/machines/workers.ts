// Part `workers`: the same submissions on the same queue, evaluated by 1, 2 and 4 workers of one child each.
import { availableParallelism, tmpdir } from 'node:os';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { readBaseline } from '../../../lib/baselines/index.ts';
import { connect, database, disconnect } from '../../../lib/db/client.ts';
import { startEmbedded } from '../../../lib/db/embedded.ts';
import { migrate } from '../../../lib/db/migrate.ts';
import type { Protocol } from '../../../lib/evaluation/trial.ts';
import { protocols, type ProtocolName } from '../../../lib/evaluation/protocols.ts';
import { readUpload } from '../../../lib/formats/read.ts';
import { challengeOf, person, submit } from '../../evaluations/stage.ts';
import { launchWorker } from '../../workers/processes.ts';
import { watchPostgres, type Watched } from './postgres.ts';
import { row, table } from './words.ts';

export type WorkerBenchOptions = { protocol: ProtocolName; levels: readonly number[]; /** Submissions of the committed MLP, a fifth of the protocol's trials each. */ submissions: number };
type Measured = { workers: number; seconds: number; shards: number; images: number; busy: number; watched: Watched };

const file = 'mlp.onnx';
/** Every fifth trial, so that each kind is there and a run takes a minute. */
const fifthOf = (whole: Protocol): Protocol => ({ ...whole, name: 'a fifth', trials: whole.trials.filter((_, i) => i % 5 === 1) });

/** From the first shard that is taken to the last evaluation that is finished, with workers that were ready before. */
async function measure(url: string, protocol: Protocol, count: number, submissions: number): Promise<Measured> {
  const started = Array.from({ length: count }, (_, i) => launchWorker(url, `worker ${i + 1} of ${count}`));
  try {
    await Promise.all(started.map(({ ready }) => ready));
    const { id } = await challengeOf(protocol);
    const model = await readUpload([{ name: file, bytes: await readBaseline(file) }]);
    const watch = await watchPostgres();
    for (let i = 0; i < submissions; i++) await submit(await person(), id, model);
    const evaluationsHere = sql`select evaluations.id from evaluations join submissions on submissions.id = submission_id where challenge_id = ${id}`;
    for (;;) {
      const [{ open }] = await database().execute<{ open: number }>(sql`
        select count(*)::int as open from evaluations where id in (${evaluationsHere}) and status in ('queued', 'running')`);
      if (open === 0) break;
      await sleep(100);
    }
    const watched = await watch.stop();
    const [found] = await database().execute<Omit<Measured, 'workers' | 'watched'>>(sql`
      select count(*)::int as shards, sum(end_image - first_image)::int as images,
        extract(epoch from max(finished_at) - min(started_at))::float8 as seconds,
        (select sum(seconds) from cells where evaluation_id in (${evaluationsHere}))::float8 as busy
      from shards where evaluation_id in (${evaluationsHere})`);
    return { workers: count, watched, ...found };
  } finally {
    for (const worker of started) worker.process.kill('SIGTERM');
    await Promise.all(started.map(({ left }) => left));
  }
}

/** Markdown. */
export async function workersPart({ protocol, levels, submissions }: WorkerBenchOptions, say: (text: string) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-workers-'));
  await chmod(folder, 0o711);
  const server = await startEmbedded(join(folder, 'postgres'));
  try {
    await migrate(server.url);
    connect(server.url);
    const fifth = fifthOf(protocols[protocol]);
    const found: Measured[] = [];
    for (const level of levels) {
      found.push(await measure(server.url, fifth, level, submissions));
      say(measuredRow(found.at(-1)!, found[0]));
    }
    return `${submissions} submissions of the MLP, ${fifth.trials.length} trials of ${protocol} each; ${availableParallelism()} processors.

${table(head, found.map((one) => measuredRow(one, found[0])))}`;
  } finally {
    await disconnect();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const head = ['workers', 'seconds', 'shards/s', 'images/s', 'x one worker', 'a child is at work', 'processors busy', 'of it Postgres'];

function measuredRow({ workers, seconds, shards, images, busy, watched }: Measured, first: Measured): string {
  return row([
    `${workers}`, seconds.toFixed(1), (shards / seconds).toFixed(1), Math.round(images / seconds).toLocaleString('en'),
    (first.seconds / seconds).toFixed(2), `${((100 * busy) / seconds / workers).toFixed(0)} % of the time`, watched.machine.toFixed(2), watched.postgres.toFixed(2),
  ]);
}
