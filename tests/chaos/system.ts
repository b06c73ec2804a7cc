// A whole Gauntlet of processes that can be killed one by one: Postgres, the site, workers and their children, each under a supervisor.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../lib/bootstrap/processes.ts';
import { connect, disconnect } from '../../lib/db/client.ts';
import { startEmbedded, type EmbeddedPostgres } from '../../lib/db/embedded.ts';
import { migrate } from '../../lib/db/migrate.ts';
import { startWeb, type Web } from '../e2e/bare-site.ts';
import { alive, childrenOf, launchWorker, type WorkerProcess } from '../workers/processes.ts';
import { until } from './until.ts';
import { supervise, type Supervised } from './supervise.ts';

export const victims = ['child', 'worker', 'web', 'postgres'] as const;
export type Victim = (typeof victims)[number];

export type System = {
  site: string;
  /** Names of the workers. */
  workers: readonly string[];
  /** Kills one with SIGKILL; of workers and their children, those of the named worker. False when there was none to kill. */
  kill(victim: Victim, worker: string): Promise<boolean>;
  /** Resolves when everything that was started is there. */
  up(): Promise<void>;
  /** Ends everything in order. */
  stop(): Promise<void>;
};

export type Lease = { heartbeatSeconds: number; silenceSeconds: number };

/** Starts it over a database of its own, to which this process is connected, too. Log lines of workers go nowhere. */
export async function startSystem(workers: readonly string[], lease: Lease): Promise<System> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-chaos-'));
  await chmod(folder, 0o711);
  // As it comes: what was committed is on disk.
  const settings = { port: String(await freePort(0)) };
  const start = () => startEmbedded(join(folder, 'postgres'), settings);
  let server: EmbeddedPostgres = await start();
  await migrate(server.url);
  connect(server.url);

  const postgres = supervise(async () => {
    if (!alive(server.pid)) server = await start();
    const { pid } = server;
    return { pid, ended: until(() => !alive(pid), { seconds: Infinity }) };
  });
  const [port, secret] = [await freePort(0), randomBytes(32).toString('hex')];
  let web: Web | undefined;
  const site = supervise(async () => {
    web = await startWeb(server.url, () => ({ NEXTAUTH_SECRET: secret, LOG_LEVEL: 'fatal' }), port);
    return { pid: web.pid, ended: web.exited };
  });
  const options = ['--heartbeat', String(lease.heartbeatSeconds), '--reclaim-after', String(lease.silenceSeconds)];
  const launched = new Map<string, WorkerProcess>();
  const crew = new Map<string, Supervised>(
    workers.map((name) => [name, supervise(async () => {
      const worker = launchWorker(server.url, name, options);
      launched.set(name, worker);
      return { pid: worker.process.pid!, ended: worker.left };
    })]),
  );
  const all = [postgres, site, ...crew.values()];

  async function up(): Promise<void> {
    await Promise.all(all.map((one) => one.up()));
  }
  await up();
  return {
    site: `http://127.0.0.1:${port}`,
    workers,
    up,
    async kill(victim, worker) {
      const pids = pidsOf(victim, { postgres, site, worker: crew.get(worker)! });
      for (const pid of pids) slay(pid);
      await until(() => !pids.some(alive));
      return pids.length > 0;
    },
    async stop() {
      for (const one of all) one.stop();
      for (const worker of launched.values()) worker.process.kill('SIGTERM');
      await Promise.all([...launched.values()].map((worker) => worker.left));
      await web?.stop();
      await disconnect();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Of Postgres, its first process before those that serve connections, so that it does not see them die. */
function pidsOf(victim: Victim, running: Record<'postgres' | 'site' | 'worker', Supervised>): number[] {
  const pid = running[victim === 'web' ? 'site' : victim === 'child' ? 'worker' : victim].pid();
  if (!pid) return [];
  if (victim === 'child') return childrenOf(pid).filter((child) => commandOf(child).includes('--input-type=module'));
  return victim === 'postgres' ? [pid, ...childrenOf(pid)] : [pid];
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function slay(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself a moment ago.
  }
}
