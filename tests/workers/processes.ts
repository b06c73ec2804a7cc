// Real worker processes for tests, started as the command line starts them.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';

export type WorkerProcess = { process: ChildProcess; output(): string; left: Promise<number | null> };

const ready = { timeout: 60_000, interval: 50 };

/** Starts a worker with fast heartbeats and waits until it claims work. */
export async function startWorkerProcess(url: string, name: string, extra: string[] = []): Promise<WorkerProcess> {
  const options = ['--name', name, '--concurrency', '1', '--heartbeat', '0.3', '--reclaim-after', '2', ...extra];
  const child = spawn(process.execPath, ['--import', 'tsx', 'workers/main.ts', ...options], {
    env: { ...process.env, DATABASE_URL: url, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => { output += text; });
  const left = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const worker = { process: child, output: () => output, left };
  await expect.poll(() => output.includes('the worker is ready') || child.exitCode !== null, ready).toBe(true);
  expect(child.exitCode, output).toBeNull();
  return worker;
}

/** Process ids of the direct children of a process. */
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
