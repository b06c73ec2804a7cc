// The processes of one machine (web, worker): started with the tether, watched, and stopped without losing work.
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const tether = new URL('./tether.mjs', import.meta.url).href;

/** Where a process runs: what starts a `node` there, and the address it is reached at. */
export type Place = { node: [string, ...string[]]; address: string; environment: Record<string, string> };
export const here: Place = { node: [process.execPath], address: '127.0.0.1', environment: {} };

export type Managed = { name: string; child: ChildProcess; exited: Promise<string> };

/** The arguments and environment of a `node` that stops when this process dies, even by kill -9. It needs an IPC channel to us. */
export function tethered(args: string[]): { args: string[]; environment: { GAUNTLET_TETHERED_TO: string } } {
  return { args: ['--import', tether, ...args], environment: { GAUNTLET_TETHERED_TO: String(process.pid) } };
}

/** Starts `node` on a script of the project. Its environment is ours plus `environment`. */
export function startNode(name: string, script: string[], environment: Record<string, string>, place: Place = here): Managed {
  const { args, environment: tie } = tethered(script);
  const [command, ...before] = place.node;
  const child = spawn(command, [...before, ...args], {
    cwd: root,
    env: { ...process.env, ...place.environment, ...environment, ...tie },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // A process group of its own: Ctrl-C in the terminal reaches only the bootstrap, which stops things in order.
    detached: true,
  });
  const exited = new Promise<string>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(signal ?? `exit code ${code}`));
  });
  return { name, child, exited };
}

/** Asks with SIGTERM, waits `seconds`, then insists. */
export async function stopNode({ child, exited }: Managed, seconds: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  await exited;
  clearTimeout(patience);
}

/** The first free port of 127.0.0.1 from `wanted` on; 0 asks the system for any. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port <= wanted + 20; port++) {
    const server = createServer();
    const found = await new Promise<number>((done) => {
      server.once('error', () => done(-1));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        done(typeof address === 'object' && address ? address.port : -1);
      });
    });
    await new Promise((done) => server.close(done));
    if (found > 0) return found;
  }
  throw new Error(`Ports ${wanted} to ${wanted + 20} of 127.0.0.1 are all taken. Set PORT to a free one.`);
}
