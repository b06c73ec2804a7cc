// How a child is confined on this host: which layers there are, tried once at start, and the command line that applies them.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { limits } from '../lib/limits.ts';

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

const root = fileURLToPath(new URL('..', import.meta.url));
const entry = fileURLToPath(new URL('./child.ts', import.meta.url));

type UidRange = { first: number; count: number };

/**
 * Users nobody has, and so many that no two children share one by chance. Where the host maps only 65,536 users (inside a
 * container), systemd's range for throw-away service users.
 */
const uidRanges: readonly UidRange[] = [{ first: 1_900_000_000, count: 100_000_000 }, { first: 61_184, count: 4336 }];

const emptyEnvironment = {} as NodeJS.ProcessEnv;

function works(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 10_000, env: emptyEnvironment });
    return true;
  } catch {
    return false;
  }
}

const toolFolders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];
const tool = (name: string) => toolFolders.map((folder) => join(folder, name)).find((path) => works(path, ['--version']));

/** Tries each layer. `dataDirectory` must be readable for the child's user, as must the code and its libraries. */
export function findSandbox(dataDirectory: string): Sandbox {
  const missing: string[] = [];
  const root0 = process.getuid?.() === 0;
  const layer = (there: boolean, otherwise: string): boolean => {
    if (!there) missing.push(otherwise);
    return there;
  };
  const [unshare, setpriv, prlimit] = process.platform === 'linux' ? ['unshare', 'setpriv', 'prlimit'].map(tool) : [];

  const namespaces = [...(root0 ? [] : ['--user']), '--net', '--ipc'];
  const network = layer(
    unshare !== undefined && works(unshare, [...namespaces, '--', '/bin/sh', '-c', ':']),
    'No network namespace: a child could reach the network. It needs unshare of util-linux, and root or user namespaces.',
  );
  const privileges = layer(
    setpriv !== undefined && works(setpriv, ['--no-new-privs', '--pdeathsig', 'KILL', '/bin/sh', '-c', ':']),
    'No no-new-privileges and no signal at the death of the supervisor. They need setpriv of util-linux.',
  );
  const mustRead = [entry, join(root, 'package.json'), join(root, 'node_modules/tsx/package.json'), ...files(dataDirectory)];
  const uids = root0 && privileges ? uidRanges.find(({ first }) => readable(setpriv!, first, mustRead)) : undefined;
  const own = layer(
    uids !== undefined,
    'No user of its own for a child. It needs root, setpriv, and a checkout and data folder that other users can read.',
  );
  const bounds = layer(
    prlimit !== undefined && works(prlimit, [...resourceLimits, '/bin/sh', '-c', ':']),
    'No kernel limits on memory, processes and files. They need prlimit of util-linux.',
  );
  layer(process.platform === 'linux', 'No memory limit: resident memory is only watched on Linux.');

  return {
    missing,
    wrap: (uid) => [
      ...(network ? [unshare!, ...namespaces, '--'] : []),
      ...(privileges ? [setpriv!, ...(own ? user(uid) : []), '--no-new-privs', '--pdeathsig', 'KILL', '--'] : []),
      // The kernel counts processes by user, so that limit is for a child with a user of its own.
      ...(bounds ? [prlimit!, ...resourceLimits, ...(own ? [`--nproc=${limits.childProcesses}`] : []), '--'] : []),
    ],
    freshUid: () => (uids ? uids.first + randomInt(uids.count) : 0),
    sweep(uid) {
      if (!own) return;
      const everything = [...user(uid), '/bin/sh', '-c', 'kill -KILL -1'];
      spawn(setpriv!, everything, { stdio: 'ignore', env: emptyEnvironment }).on('error', () => {});
    },
  };
}

const user = (uid: number) => ['--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups', '--bounding-set=-all', '--inh-caps=-all'];

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

/** Whether a user that owns nothing here can read these files. */
function readable(setpriv: string, uid: number, paths: string[]): boolean {
  return works(setpriv, [...user(uid), '/bin/sh', '-c', 'for path; do test -r "$path" || exit 1; done', 'sh', ...paths]);
}

/**
 * Starts a child: an empty environment, its own process group (so that all of it can be killed), orders on stdin, answers on
 * descriptor 3, its last words on stderr.
 */
export function startChild(sandbox: Sandbox, program: string = entry): ChildProcess {
  const heap = `--max-old-space-size=${Math.floor(limits.childMegabytes / 2)}`;
  const uid = sandbox.freshUid();
  const [command, ...args] = [...sandbox.wrap(uid), process.execPath, heap, '--import', 'tsx', program];
  const child = spawn(command, args, {
    cwd: root,
    // Nothing of ours but this: without it the loader would keep a cache that one child could poison for the next.
    env: { ...emptyEnvironment, TSX_DISABLE_CACHE: '1' },
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  child.once('exit', () => {
    killGroup(child);
    sandbox.sweep(uid);
  });
  return child;
}

/** Ends a child and all of its process group, now. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty already.
  }
}
