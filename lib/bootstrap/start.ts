// Starts all of Gauntlet on one machine, in the order the parts need each other: data, database, schema, seed, site, worker.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFashionMnist } from '../datasets/find.ts';
import { connect, disconnect } from '../db/client.ts';
import { startEmbedded } from '../db/embedded.ts';
import { migrate } from '../db/migrate.ts';
import { env } from '../env.ts';
import type { ProtocolName } from '../evaluation/protocols.ts';
import { ensureBuilt } from './build.ts';
import { freePort, root, startNode, stopNode, type Managed } from './processes.ts';
import { seedDemo, type Account } from './seed.ts';

export type Gauntlet = {
  url: string;
  accounts: Account[];
  /** Called once when the site or the worker leaves by itself. */
  onFailure(report: (message: string) => void): void;
  stop(): Promise<void>;
};

export type StartOptions = {
  mode: 'demo' | 'dev';
  say: (line: string) => void;
  /** Folder of this installation; `.gauntlet` in the project unless GAUNTLET_HOME says otherwise. */
  home?: string;
  port?: number;
  concurrency?: number;
  /** Protocol of the challenge that a new installation gets. */
  protocol?: ProtocolName;
  /** Files of lib/baselines that it gets; all of them unless said. */
  baselines?: readonly string[];
  /** Aborting it while things are still starting stops what has started, and the start fails. */
  signal?: AbortSignal;
};

const workerSeconds = 30;

/** Starts everything; resolves when the site answers. What was started is stopped again when a later step fails. */
export async function startGauntlet(options: StartOptions): Promise<Gauntlet> {
  const { mode, say, home = env().GAUNTLET_HOME ?? join(root, '.gauntlet'), port, concurrency, protocol = 'gauntlet-v1', baselines, signal } = options;
  await mkdir(home, { recursive: true });
  say('Looking for FashionMNIST ...');
  const data = await findFashionMnist({});

  const ownDatabase = env().DATABASE_URL === undefined;
  const database = ownDatabase ? await startEmbedded(join(home, 'postgres')) : { url: env().DATABASE_URL!, stop: async () => {} };
  const processes: Managed[] = [];
  let stopped: Promise<void> | undefined;
  const stop = () =>
    (stopped ??= (async () => {
      // The worker first, so that what it still has to write finds the database.
      for (const one of [...processes].reverse()) await stopNode(one, one.name === 'worker' ? workerSeconds : env().DRAIN_SECONDS + 5);
      await database.stop();
    })());

  const start = async (): Promise<Gauntlet> => {
    say('Preparing the database ...');
    await migrate(database.url);
    connect(database.url);
    const accounts = ownDatabase ? await seedDemo(home, { protocol, files: baselines, say }) : [];
    await disconnect();
    if (mode === 'demo') await ensureBuilt(say);

    const webPort = await freePort(port ?? env().PORT ?? 3000);
    const url = `http://127.0.0.1:${webPort}`;
    const shared = { DATABASE_URL: database.url, GAUNTLET_HOME: home, FASHION_MNIST_DIR: data };
    const next = [join(root, 'node_modules/next/dist/bin/next'), mode === 'demo' ? 'start' : 'dev', '-H', '127.0.0.1', '-p', String(webPort)];
    const web = { NEXTAUTH_URL: env().NEXTAUTH_URL ?? url, ...(await siteSecrets(home)), NEXT_TELEMETRY_DISABLED: '1' };
    processes.push(startNode('web', next, { ...shared, ...web }));
    const workerArgs = ['--concurrency', String(concurrency ?? availableParallelism()), '--notifications'];
    // It links to the site in what it sends, by links that the site must recognise.
    const notifier = { NEXTAUTH_URL: web.NEXTAUTH_URL, NEXTAUTH_SECRET: web.NEXTAUTH_SECRET };
    processes.push(startNode('worker', ['--import', 'tsx', join(root, 'workers/main.ts'), ...workerArgs], { ...shared, ...notifier }));
    await answering(url, processes);
    const onFailure: Gauntlet['onFailure'] = (report) => {
      for (const { name, exited } of processes) void exited.then((how) => stopped ?? report(`The ${name} process left (${how}).`));
    };
    return { url, accounts, stop, onFailure };
  };
  try {
    return await Promise.race([start(), aborted(signal)]);
  } catch (error) {
    await disconnect();
    await stop();
    throw error;
  }
}

function aborted(signal?: AbortSignal): Promise<never> {
  return new Promise((_, fail) => signal?.addEventListener('abort', () => fail(new Error('it was told to stop'))));
}

/** Waits until the site is ready. Throws an Error when a process leaves before, or after a minute. */
export async function answering(url: string, processes: Managed[]): Promise<void> {
  const left = Promise.race(processes.map(({ name, exited }) => exited.then((how) => `the ${name} process left (${how})`)));
  for (let attempt = 0; attempt < 600; attempt++) {
    const ready = fetch(`${url}/api/ready`).then((response) => response.ok, () => false);
    const outcome = await Promise.race([ready, left]);
    if (outcome === true) return;
    if (typeof outcome === 'string') throw new Error(outcome);
    await sleep(100);
  }
  throw new Error(`the site did not answer at ${url} within a minute`);
}

/** A secret of this installation, made once and kept in a file that nobody else reads. */
async function keptSecret(home: string, name: string, make: () => string): Promise<string> {
  const file = join(home, name);
  if (!existsSync(file)) {
    await writeFile(`${file}.new`, make(), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  return readFile(file, 'utf8');
}

/** The secrets that sign sessions (and the links of mails, for which the worker has that one too) and receipts. */
async function siteSecrets(home: string): Promise<Record<'NEXTAUTH_SECRET' | 'GAUNTLET_SIGNING_KEY', string>> {
  const { NEXTAUTH_SECRET, GAUNTLET_SIGNING_KEY } = env();
  const newKey = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  return {
    NEXTAUTH_SECRET: NEXTAUTH_SECRET ?? (await keptSecret(home, 'secret', () => randomBytes(32).toString('base64url'))),
    GAUNTLET_SIGNING_KEY: GAUNTLET_SIGNING_KEY ?? (await keptSecret(home, 'signing-key.pem', newKey)),
  };
}
