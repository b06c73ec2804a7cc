// How a child is confined on this host: which layers there are, tried once at start, and the command line that applies them.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { release } from 'node:os';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { limits } from '../lib/limits.ts';
import type { DeviceName, EngineName } from '../lib/runtimes.ts';
import { besidesProgram, enterJail, visible } from './jail.ts';
import { canWatch } from './watch.ts';

export type Sandbox = {
  /** One sentence for each layer that this host cannot give. */
  missing: string[];
  /** Command words that go before `node`. `uid` is the child's own where that layer is there. */
  wrap(uid: number): string[];
  /** A user for a new child. */
  freshUid(): number;
  /** Ends whatever still runs under a child's own user, even what left its process group. */
  sweep(uid: number): void;
};

type UidRange = { first: number; count: number };

/**
 * Users nobody has, and so many that no two children share one by chance. Where the host maps only 65,536 users (inside a
 * container), systemd's range for throw-away service users.
 */
const uidRanges: readonly UidRange[] = [{ first: 1_900_000_000, count: 100_000_000 }, { first: 61_184, count: 4336 }];

const emptyEnvironment = {} as NodeJS.ProcessEnv;

/** Null when it works; otherwise the last thing it said. */
function refusal([command, ...args]: string[]): string | null {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 20_000, env: emptyEnvironment });
    return null;
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? '').trim().split('\n');
    return said.find((line) => /error|denied|not permitted|failed|cannot/i.test(line)) ?? said[0] ?? '';
  }
}

const works = (...words: string[]) => refusal(words) === null;

const toolFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];
const tool = (name: string) => toolFolders.map((folder) => join(folder, name)).find((path) => works(path, '--version'));

const nothing = ['/bin/sh', '-c', ':'];

/**
 * Tries each layer. `dataDirectory` must be readable for the child's user, as must the packages of the engine. A child for any
 * `device` but the processor sees the host's GPUs.
 */
export function findSandbox(dataDirectory: string, { engine = 'onnxruntime', device = 'cpu' }: { engine?: EngineName; device?: DeviceName } = {}): Sandbox {
  const missing: string[] = [];
  const asRoot = process.getuid?.() === 0;
  const layer = (there: boolean, otherwise: string): boolean => {
    if (!there) missing.push(otherwise);
    return there;
  };
  const data = resolve(dataDirectory);
  const [unshare, setpriv, prlimit] = process.platform === 'linux' ? ['unshare', 'setpriv', 'prlimit'].map(tool) : [];

  // Who is not root is root in a user namespace, for the moment that making the others takes.
  const network = [...(asRoot ? [] : ['--user', '--map-root-user']), '--net', '--ipc'];
  const apart = layer(
    unshare !== undefined && works(unshare, ...network, '--', ...nothing),
    'No network namespace: a child could reach the network. It needs unshare of util-linux, and root (in a container with the ' +
      'capability SYS_ADMIN) or user namespaces.',
  );
  const privileges = layer(
    setpriv !== undefined && works(setpriv, '--no-new-privs', '--pdeathsig', 'KILL', ...nothing),
    'No no-new-privileges and no signal at the death of the supervisor. They need setpriv of util-linux.',
  );
  const bounds = layer(
    prlimit !== undefined && works(prlimit, ...resourceLimits, ...nothing),
    'No kernel limits on memory, processes and files. They need prlimit of util-linux.',
  );

  const paths = visible([process.execPath, ...(setpriv ? [setpriv] : []), ...(prlimit ? [prlimit] : [])], data, { engine, device });
  const reads = [process.execPath, '-e', readAll, ...besidesProgram(engine), ...files(data)];
  const world = [...network, '--mount', '--pid', '--fork', '--kill-child'];
  const walls = enterJail(paths);
  const idle = [process.execPath, '-e', '0'];
  const why = apart && privileges && walls ? refusal([unshare!, ...world, '--', ...walls, setpriv!, ...powerless, '--', ...idle]) : '';
  const jailed = layer(
    why === null,
    'No file system and no processes of its own: a child could read what its user may read on this host. ' +
      `They need mount namespaces, besides what the network namespace needs${why && ` (${why})`}.`,
  );
  const outside = (words: string[]) => {
    // unshare stays, as the parent of the first process in there: it dies with the worker, and that one with it.
    if (jailed) return [setpriv!, '--pdeathsig', 'KILL', '--', unshare!, ...world, '--', ...walls!, ...words];
    return [...(apart ? [unshare!, ...network, '--'] : []), ...words];
  };
  const uids = asRoot && privileges
    ? uidRanges.find(({ first }) => works(...outside([setpriv!, ...user(first), ...powerless, '--', ...reads])))
    : undefined;
  const own = layer(
    uids !== undefined,
    'No user of its own for a child. It needs root, setpriv, and a checkout and data folder that other users can read.',
  );
  layer(process.platform === 'linux' && canWatch(), 'Nobody watches memory and processor time. That needs Linux with /proc.');

  // The kernel counts processes by user, and since 5.14 by user namespace too: elsewhere the worker's own would count.
  const counted = own || (!asRoot && apart && newerThan(5, 13)) ? [`--nproc=${limits.childProcesses}`] : [];
  const rights = own || jailed ? powerless : unprivileged;
  return {
    missing,
    wrap: (uid) =>
      outside([
        ...(privileges ? [setpriv!, ...(own ? user(uid) : []), ...rights, '--pdeathsig', 'KILL', '--'] : []),
        ...(bounds ? [prlimit!, ...resourceLimits, ...counted, '--'] : []),
      ]),
    freshUid: () => (uids ? uids.first + randomInt(uids.count) : 0),
    sweep(uid) {
      if (!own) return;
      const everything = [...user(uid), '/bin/sh', '-c', 'kill -KILL -1'];
      spawn(setpriv!, everything, { stdio: 'ignore', env: emptyEnvironment }).on('error', () => {});
    },
  };
}

const unprivileged = ['--no-new-privs'];
/** Without any capability, whoever it is. */
const powerless = [...unprivileged, '--bounding-set=-all', '--inh-caps=-all'];
const user = (uid: number) => ['--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups'];
const readAll = 'for (const path of process.argv.slice(1)) require("node:fs").accessSync(path, 4)';

function newerThan(major: number, minor: number): boolean {
  const [first, second] = release().split('.').map(Number);
  return first > major || (first === major && second > minor);
}

// RLIMIT_AS would count V8's reservations; RLIMIT_DATA counts what is really writable, and past it allocations fail with an
// error that the runtime survives. No file can be written.
const resourceLimits = [
  `--data=${limits.childMegabytes * 1024 * 1024}`,
  // A warning before the end, so that the two can be told apart from a kill by someone else.
  `--cpu=${limits.childLifeSeconds}:${limits.childLifeSeconds + 30}`,
  `--nofile=${limits.childOpenFiles}`,
  `--fsize=${limits.childFileBytes}`,
  '--core=0',
];

function files(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

/**
 * Niceness of a child, by which it gets a third of what the site or Postgres get where they share a machine: people wait for those.
 * Set before the first of its processes is there: what has forked already would keep the worker's.
 */
const nice = toolFolders.map((folder) => join(folder, 'nice')).find((path) => existsSync(path));
const behindTheSite = nice ? [nice, '-n', '5'] : [];

/**
 * Starts a child: an empty environment, its own process group (so that all of it can be killed), its program on stdin, answers on
 * descriptor 3, orders on descriptor 4, its last words on stderr.
 */
export function startChild(sandbox: Sandbox, program: Uint8Array): ChildProcess {
  const heap = `--max-old-space-size=${Math.floor(limits.childMegabytes / 2)}`;
  const uid = sandbox.freshUid();
  const [command, ...args] = [...behindTheSite, ...sandbox.wrap(uid), process.execPath, heap, '--input-type=module'];
  const child = spawn(command, args, { cwd: '/', env: emptyEnvironment, detached: true, stdio: ['pipe', 'ignore', 'pipe', 'pipe', 'pipe'] });
  // It may be gone before it has read all: whoever waits for its answers hears of that.
  for (const to of [child.stdin!, ordersTo(child)]) to.on('error', () => {});
  child.stdin!.end(program);
  child.once('exit', () => {
    killGroup(child);
    sandbox.sweep(uid);
  });
  return child;
}

export const ordersTo = (child: ChildProcess) => child.stdio[4] as Writable;

/** Ends a child and all of its process group, now. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty already.
  }
}

/**
 * Whether what `unshare` held was killed: it then wants to end by the same signal, and for SIGKILL fails to (util-linux up to
 * 2.40), with these words and exit code 1.
 */
export function killedInside(exitCode: number | null, lastWords: string): boolean {
  return exitCode === 1 && /^unshare: .*unblock failed/m.test(lastWords);
}
