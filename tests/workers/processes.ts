// Real worker processes for tests and benches, started as the command line starts them.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { here, tethered, type Place } from '../../lib/bootstrap/processes.ts';

export type WorkerProcess = { process: ChildProcess; output(): string; left: Promise<number | null> };

/** Within a run of the tests the file that tests/global-setup.ts makes. */
const bundled = process.env.GAUNTLET_TEST_WORKER;
const program = bundled ? [bundled] : ['--import', 'tsx', 'workers/main.ts'];
/** On a machine that is busy with much else. */
const readySeconds = 180;

/** Starts a worker with fast heartbeats. `ready` resolves when it claims work, and is an Error when it leaves before or takes three minutes. */
export function launchWorker(url: string, name: string, extra: string[] = [], place: Place = here): WorkerProcess & { ready: Promise<void> } {
  const options = ['--name', name, '--concurrency', '1', '--heartbeat', '0.3', '--reclaim-after', '2', ...extra];
  const { args, environment } = tethered([...program, ...options]);
  const [command, ...before] = place.node;
  const child = spawn(command, [...before, ...args], {
    env: { ...process.env, ...place.environment, ...environment, DATABASE_URL: url, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let output = '';
  const left = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = new Promise<void>((resolve, reject) => {
    const fail = (how: string) => reject(new Error(`The worker ${name} ${how}:\n${output}`));
    const patience = setTimeout(() => fail(`was not ready within ${readySeconds} s`), readySeconds * 1000);
    void left.then((code) => fail(`left before it was ready (exit code ${code})`)).finally(() => clearTimeout(patience));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (!output.includes('the worker is ready')) return;
      clearTimeout(patience);
      resolve();
    });
  });
  // Whoever waits for it hears of it.
  ready.catch(() => {});
  return { process: child, output: () => output, left, ready };
}

/** The same, waited for. */
export async function startWorkerProcess(url: string, name: string, extra: string[] = [], place: Place = here): Promise<WorkerProcess> {
  const worker = launchWorker(url, name, extra, place);
  await worker.ready.catch((error) => {
    worker.process.kill('SIGKILL');
    throw error;
  });
  return worker;
}

/**
 * Process ids of the direct children of a process. Of a worker that gives each child namespaces these are the processes that hold
 * them: killing one ends all in it. `family` of workers/watch.ts has those too.
 */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((candidate) => {
    try {
      return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${candidate}/status`, 'utf8'))?.[1]) === pid;
    } catch {
      return false;
    }
  });
}

/** Runs, and is not a zombie that nobody has reaped yet. */
export function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
