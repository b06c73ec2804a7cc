// What all test files of a run share: an embedded PostgreSQL with one migrated database to copy, and the worker as one file.
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { root } from '../lib/bootstrap/processes.ts';
import { bundle } from '../lib/bundle.ts';
import { startEmbedded } from '../lib/db/embedded.ts';
import { migrate } from '../lib/db/migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the database `gauntlet`, migrated: tests copy it and never connect to it, since a copy waits until nobody does. */
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'gauntlet-test-'));
  // The server may run as another user than root and must be able to enter.
  await chmod(directory, 0o711);
  // Nothing of a test run need survive a power cut.
  const server = await startEmbedded(join(directory, 'postgres'), { fsync: 'off', synchronous_commit: 'off' });
  await migrate(server.url);
  project.provide('postgresUrl', server.url);
  const worker = await workerProgram();
  return async () => {
    await server.stop();
    await rm(worker);
    await rm(directory, { recursive: true, force: true });
  };
}

/** For tests/workers/processes.ts: a worker that loads TypeScript file by file takes a second of processor time more. It lies where it finds its packages. */
async function workerProgram(): Promise<string> {
  const folder = join(root, 'node_modules', '.cache', 'gauntlet-test');
  const file = join(folder, `worker-${process.pid}.mjs`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, await bundle(root, 'workers/main.ts', { format: 'esm', packages: 'external' }));
  return (process.env.GAUNTLET_TEST_WORKER = file);
}
