// A child that a hostile model has taken over: it does what the "model" it is given says.
import { spawn } from 'node:child_process';
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { connect, Socket, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { frame, frames } from '../../workers/protocol.ts';

const say = (message: unknown) => writeSync(3, frame(message));
const part = {
  trialId: 'clean', start: 0, end: 8, correctBits: 'AA==', predictions: 'AAAAAAAAAAA=', confusion: new Array(100).fill(0),
  seconds: 0.1, engine: 'e', device: 'd', diagnostics: {},
};
const deeds: Record<string, (about: Record<string, string>) => unknown> = {
  'announces a huge message': () => writeSync(3, Buffer.from([0xff, 0xff, 0xff, 0x7f, 1, 2, 3])),
  'says what is no JSON': () => writeSync(3, Buffer.from([3, 0, 0, 0, 1, 2, 3])),
  'says an unknown word': () => say({ type: 'please' }),
  'adds a key': () => say({ type: 'part', part: { ...part, score: 1 } }),
  'counts below zero': () => say({ type: 'part', part: { ...part, start: -8 } }),
  'speaks out of turn': () => say({ type: 'prepared' }),
  'claims to be done': () => say({ type: 'done' }),
  'is silent': () => {},
  'spins': () => { for (;;); },
  'chatters for ever': () => setInterval(() => say({ type: 'alive' }), 20),
  'spins and says that it lives': () => {
    for (;;) {
      say({ type: 'alive' });
      for (const until = performance.now() + 50; performance.now() < until;);
    }
  },
  'lets others spin': () => {
    setInterval(() => say({ type: 'alive' }), 20);
    spawn(process.execPath, ['-e', 'for (;;);']);
  },
  'answers for ever': () => {
    for (;;) say({ type: 'part', part: { ...part, examples: undefined } });
  },
  'forks for ever': () => {
    setInterval(() => say({ type: 'alive' }), 20);
    const fork = 'require("node:child_process").fork(__filename)';
    for (;;) spawn(process.execPath, ['-e', fork], { stdio: 'ignore' }).unref();
  },
  'writes a file': () => writeFileSync(`${existsSync('/tmp') ? '/tmp' : ''}/gauntlet-hostile-${process.pid}`, 'x'),
  'opens files': () => {
    for (;;) openSync(process.execPath, 'r');
  },
  'eats memory outside the heap': () => {
    const eaten: Buffer[] = [];
    for (;;) eaten.push(Buffer.alloc(64 * 1024 * 1024, 1));
  },
  'eats the heap': () => {
    const eaten: unknown[] = [];
    for (;;) eaten.push(new Array(100_000).fill(Math.random()));
  },
  'exits': () => process.exit(7),
  'aborts': () => process.abort(),
  'leaves a process behind': () => {
    // In a session of its own, so that ending our process group does not reach it.
    spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e9)', 'left-behind'], { detached: true, stdio: 'ignore' });
  },
  'looks around': async ({ file, socket, abstractSocket }) => {
    const status = readFileSync('/proc/self/status', 'utf8');
    const capabilities = (set: string) => new RegExp(`Cap${set}:\\s+(\\w+)`).exec(status)![1];
    const project = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
    const ofProject = ['README.md', 'docs/SECURITY.md', 'workers/main.ts', 'package.json'].map(project);
    const files = ['/etc/passwd', '/etc/hostname', file, ...ofProject];
    const folders = [
      '/', '/tmp', '/var/tmp', '/dev', '/dev/shm', '/run', '/proc/self', '/root', '/home', ...['', 'lib', 'node_modules'].map(project),
    ];
    const outside = [{ port: 1, host: '127.0.0.1' }, { port: 53, host: '192.0.2.1' }];
    const addresses: NetConnectOpts[] = [...outside, { path: socket }, { path: abstractSocket }];
    const found = {
      environment: Object.keys(process.env),
      uid: process.getuid!(),
      noNewPrivileges: /NoNewPrivs:\s+1/.test(status),
      effective: capabilities('Eff'),
      bounding: capabilities('Bnd'),
      root: readdirSync('/'),
      readable: files.filter((path) => succeeds(() => readFileSync(path))).map((path) => path.split('/').at(-1)),
      writable: folders.filter((path) => succeeds(() => openSync(join(path, `hostile-${process.pid}`), 'w'))),
      // Only a few of what may be many: a message has its bounds.
      devices: readdirSync('/dev').slice(0, 9),
      code: [...readdirSync(project('lib')), ...readdirSync(project('node_modules')).map((name) => `package ${name}`)].slice(0, 9),
      // Processes that none of ours started: readable or not, they would be seen.
      strangers: readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).filter((name) => !ours(name)).slice(0, 9),
      interfaces: readFileSync('/proc/self/net/dev', 'utf8').split('\n').slice(2).filter(Boolean).map((line) => line.split(':')[0].trim()),
      reached: await Promise.all(addresses.map(reachable)).then((answers) => addresses.filter((_, i) => answers[i])),
    };
    // Not in plain words, which speak of limits.
    say({ type: 'failed', by: 'harness', message: Buffer.from(JSON.stringify(found)).toString('base64') });
  },
};

function succeeds(what: () => unknown): boolean {
  try {
    what();
    return true;
  } catch {
    return false;
  }
}

/** One that has gone meanwhile is taken for ours: nobody can harm it. */
function ours(pid: string): boolean {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) === process.pid;
  } catch {
    return true;
  }
}

const reachable = (address: NetConnectOpts) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(address, () => resolve(true)).on('error', () => resolve(false));
    socket.setTimeout(2000, () => resolve(false));
  });

let told = '';
for await (const order of frames(new Socket({ fd: 4 }), 1e9) as AsyncGenerator<{ type: string; model: string }>) {
  if (order.type === 'prepare') say({ type: 'prepared' });
  if (order.type === 'open') {
    told = Buffer.from(order.model, 'base64').toString();
    say({ type: 'opened', engine: 'hostile', device: 'cpu' });
  }
  if (order.type === 'run') {
    const [what, about = '{}'] = told.split(' | ');
    await deeds[what](JSON.parse(about));
  }
}
