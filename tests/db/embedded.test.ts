// The embedded PostgreSQL: starts, survives kill -9 of itself with every row, is adopted when found running, and ends with its parent.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbedded } from '../../lib/db/embedded.ts';
import { alive } from '../workers/processes.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gauntlet-embedded-'));
  await chmod(directory, 0o711);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function query<T>(url: string, statement: string): Promise<T[]> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  return client.unsafe(statement).finally(() => client.end()) as unknown as Promise<T[]>;
}

test('keeps committed rows over a stop, a kill -9 and an adoption', async () => {
  const place = join(directory, 'postgres');
  const first = await startEmbedded(place);
  await query(first.url, 'create table kept (n int); insert into kept values (1)');
  await first.stop();

  const second = await startEmbedded(place);
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
  process.kill(second.pid, 'SIGKILL');

  const third = await startEmbedded(place);
  await query(third.url, 'insert into kept values (2)');
  const adopted = await startEmbedded(place);
  expect(adopted.url).toBe(third.url);
  expect(await query(adopted.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
  await adopted.stop();
  await third.stop();
});

test('leaves no server behind when whoever started it is killed with kill -9', async () => {
  const place = join(directory, 'orphan');
  const start = `import { startEmbedded } from './lib/db/embedded.ts';
    const { pid } = await startEmbedded(${JSON.stringify(place)});
    console.log(pid);
    setInterval(() => {}, 60_000);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', start], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line);
  expect(alive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => alive(pid), { timeout: 20_000 }).toBe(false);
  // An orderly end, so that the next start need not recover.
  expect(await readFile(join(place, 'log'), 'utf8')).toContain('database system is shut down');
});
