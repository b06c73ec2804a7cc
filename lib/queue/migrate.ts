// Brings the queue's own tables (schema graphile_worker) to the version of the library in use.
import { runMigrations } from 'graphile-worker';
import { queueLogger } from './logger.ts';

/** Applies graphile-worker's migrations. The caller holds the advisory lock of lib/db/migrate.ts. */
export async function migrateQueue(url: string): Promise<void> {
  await runMigrations({ connectionString: url, logger: queueLogger });
}
