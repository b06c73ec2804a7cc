// A child that a hostile model has taken over: it does what the "model" it is given says.
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { frame, frames } from '../../workers/protocol.ts';

const say = (message: unknown) => writeSync(3, frame(message));
const part = {
  trialId: 'clean', start: 0, end: 8, correctBits: 'AA==', predictions: 'AAAAAAAAAAA=', confusion: new Array(100).fill(0),
  seconds: 0.1, engine: 'e', device: 'd', diagnostics: {},
};
const attempt = async (what: () => unknown): Promise<string> => {
  try {
    return `done: ${JSON.stringify(await what()) ?? ''}`;
  } catch (error) {
    return `refused: ${(error as NodeJS.ErrnoException).code ?? error}`;
  }
};

const deeds: Record<string, () => unknown> = {
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
  'kills itself': () => process.kill(process.pid, 'SIGSEGV'),
  'leaves a process behind': () => {
    // In a session of its own, so that ending our process group does not reach it.
    const left = spawn('/bin/sleep', ['300'], { detached: true, stdio: 'ignore' });
    say({ type: 'failed', by: 'harness', message: String(left.pid) });
  },
  'looks around': async () => {
    const found = {
      environment: Object.keys(process.env),
      uid: process.getuid!(),
      noNewPrivileges: /NoNewPrivs:\s+1/.test(readFileSync('/proc/self/status', 'utf8')),
      capabilities: /CapEff:\s+(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1],
      networks: readFileSync('/proc/self/net/dev', 'utf8').split('\n').slice(2).filter(Boolean).length,
      connect: await attempt(() => new Promise((resolve, reject) => connect(1, '127.0.0.1', () => resolve(1)).on('error', reject))),
      parentsEnvironment: await attempt(() => readFileSync(`/proc/${process.ppid}/environ`).length),
      killParent: await attempt(() => process.kill(process.ppid, 'SIGTERM')),
      write: await attempt(() => writeFileSync(`/tmp/gauntlet-hostile-${process.pid}`, 'x'.repeat(100))),
    };
    // Not in plain words, which speak of limits.
    say({ type: 'failed', by: 'harness', message: Buffer.from(JSON.stringify(found)).toString('base64') });
  },
};

let told = '';
for await (const order of frames(process.stdin, 1e9) as AsyncGenerator<{ type: string; model: string }>) {
  if (order.type === 'prepare') say({ type: 'prepared' });
  if (order.type === 'open') {
    told = Buffer.from(order.model, 'base64').toString();
    say({ type: 'opened', engine: 'hostile', device: 'cpu' });
  }
  if (order.type === 'run') await deeds[told]();
}
