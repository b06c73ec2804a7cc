// Part `stubs`: how many shards a second one Postgres takes from 1 to 50 workers that cost nothing themselves, and what it is busy with.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect, disconnect, rawSql } from '../../../lib/db/client.ts';
import { startEmbedded } from '../../../lib/db/embedded.ts';
import { migrate } from '../../../lib/db/migrate.ts';
import { protocols, type ProtocolName } from '../../../lib/evaluation/protocols.ts';
import { challengeOf, linearModel, person, submit } from '../../evaluations/stage.ts';
import { processorTime } from '../pages/processor.ts';
import { heaviest, watchPostgres, type Watched } from './postgres.ts';
import type { Order, Said, Steps } from './stub.ts';
import { quantile, row, table } from './words.ts';

export type StubOptions = {
  protocol: ProtocolName;
  /** Evaluations in each measurement. */
  evaluations: number;
  /** Numbers of workers, growing; the last is also measured with shards that take some time. */
  levels: readonly number[];
  /** Milliseconds of a shard, for the last level. */
  delays: readonly number[];
};
type Stub = { process: ChildProcess; tell(): Promise<Extract<Said, { steps: Steps }>>; order(order: Order): void };
type Measured = { workers: number; delay: number; shards: number; parts: number; steps: Steps; stubs: number; watched: Watched };

const program = fileURLToPath(new URL('./stub.ts', import.meta.url));
async function startStub(url: string, name: string): Promise<Stub> {
  const child = fork(program, [url, name], { execArgv: ['--import', 'tsx'], env: { ...process.env, LOG_LEVEL: 'error' } });
  const order = (said: Order) => void child.send(said);
  const gone = once(child, 'exit').then(([code]) => { throw new Error(`Stub ${name} left with exit code ${code}.`); });
  gone.catch(() => {});
  await Promise.race([once(child, 'message'), gone]);
  return {
    process: child, order,
    async tell() {
      const answer = Promise.race([once(child, 'message'), gone]);
      order('tell');
      return (await answer)[0];
    },
  };
}

/** From the moment that so many are handed in, by as many students, until all are finished: the same work whoever does it. */
async function measure(stubs: readonly Stub[], delay: number, challengeId: string, count: number): Promise<Measured> {
  for (const stub of stubs) stub.order({ milliseconds: delay });
  for (const stub of stubs) stub.order('count');
  const used = async () => (await Promise.all(stubs.map((stub) => processorTime(stub.process.pid!)))).reduce((a, b) => a + b);
  const [watch, before] = [await watchPostgres(), await used()];
  for (let i = 0; i < count; i++) await submit(await person(), challengeId, linearModel(i));
  for (;;) {
    const [{ n }] = await rawSql()`select count(*)::int as n from evaluations where status in ('queued', 'running')`;
    if (n === 0) break;
    await sleep(50);
  }
  const told = await Promise.all(stubs.map((stub) => stub.tell()));
  const watched = await watch.stop();
  const steps = { claim: told.flatMap((one) => one.steps.claim), land: told.flatMap((one) => one.steps.land), finish: told.flatMap((one) => one.steps.finish) };
  const sum = (of: (one: typeof told[number]) => number) => told.reduce((total, one) => total + of(one), 0) / watched.seconds;
  const spent = ((await used()) - before) / 1000 / watched.seconds;
  return { workers: stubs.length, delay, shards: sum((one) => one.shards), parts: sum((one) => one.parts), steps, stubs: spent, watched };
}

/** Measures every level on a database of its own that keeps what it promised through a power cut. Markdown. */
export async function stubsPart({ protocol, evaluations, levels, delays }: StubOptions, say: (text: string) => void): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-stubs-'));
  await chmod(folder, 0o711);
  // Fifty workers open more connections than the usual 200, which is one of the things to be seen.
  const settings = { max_connections: '1000', shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_utility': 'off' };
  const server = await startEmbedded(join(folder, 'postgres'), settings);
  const stubs: Stub[] = [];
  try {
    await migrate(server.url);
    connect(server.url);
    await rawSql()`create extension if not exists pg_stat_statements`;
    const { id } = await challengeOf(protocols[protocol]);
    const found: Measured[] = [];
    for (const level of levels) {
      const more = Array.from({ length: level - stubs.length }, (_, i) => startStub(server.url, `stub ${stubs.length + i + 1}`));
      stubs.push(...(await Promise.all(more)));
      const last = level === levels.at(-1);
      for (const delay of last ? [0, ...delays] : [0]) {
        if (last && delay === 0) await rawSql()`select pg_stat_statements_reset()`;
        found.push(await measure(stubs, delay, id, evaluations));
        if (last && delay === 0) for (const line of (await heaviest(8)).map(statementRow)) say(line);
        say(measuredRow(found.at(-1)!, found[0]));
      }
    }
    return words(found, `${evaluations} evaluations of ${protocol}`);
  } finally {
    for (const stub of stubs) if (stub.process.connected) stub.order('leave');
    await Promise.all(stubs.map((stub) => stub.process.exitCode ?? once(stub.process, 'exit')));
    await disconnect();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const statementRow = (one: { query: string; calls: number; share: number; mean: number }) =>
  row([`${(100 * one.share).toFixed(0)} %`, `${one.calls}`, `${one.mean.toFixed(2)} ms`, one.query.slice(0, 160)]);

const spread = (values: readonly number[]) => `${quantile(values, 0.5).toFixed(1)} / ${quantile(values, 0.99).toFixed(0)}`;

function measuredRow({ workers, delay, shards, parts, steps, stubs, watched }: Measured, first: Measured): string {
  const connections = Object.values(watched.connections).reduce((a, b) => a + b, 0);
  return row([
    `${workers}`, `${delay}`, shards.toFixed(0), (parts / first.parts).toFixed(2), parts.toFixed(0), spread(steps.claim), spread(steps.land),
    `${connections}`, watched.postgres.toFixed(2), stubs.toFixed(2), ((1000 * watched.postgres) / parts).toFixed(1),
    watched.active.slice(0, 3).map(([what, n]) => `${what} ${n.toFixed(1)}`).join(', '),
  ]);
}

const head = [
  'workers', 'a shard takes, ms', 'shards/s', 'x one worker', 'parts/s', 'claim p50 / p99, ms', 'landing p50 / p99, ms', 'connections',
  'processors: Postgres', 'stubs', 'Postgres ms a part', 'sessions at work, on average',
];

function words(found: readonly Measured[], work: string): string {
  const most = found.at(-1)!.watched.connections;
  return `In each row ${work}, from the first shard to the end, by workers with a child each that runs nothing.

${table(head, found.map((one) => measuredRow(one, found[0])))}

Connections at most, by kind, of ${found.at(-1)!.workers} workers: ${Object.entries(most).map(([kind, n]) => `${n} ${kind}`).join(', ')}.`;
}
