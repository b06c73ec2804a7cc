// Starts the embedded PostgreSQL that all test files of a run share, with one migrated database to copy, and stops it at the end.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
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
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
}
