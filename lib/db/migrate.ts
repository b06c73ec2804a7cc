// Brings a database to the newest schema, ours and the queue's, safely from any number of processes at once.
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { Logger, runMigrations } from 'graphile-worker';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));
// Any fixed number serves, as long as it is the same in every process.
const advisoryLock = 7_204_611;
// What goes wrong is thrown; the rest of the library's chatter would stand in the middle of a command's own output.
const silent = new Logger(() => () => {});

/** Applies what is missing. Drizzle's migrator takes no lock of its own, so concurrent starts would collide without ours. */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client`select pg_advisory_lock(${advisoryLock})`;
    await applyMigrations(drizzle(client), { migrationsFolder });
    await runMigrations({ connectionString: url, logger: silent });
  } finally {
    // Ending the session frees the lock.
    await client.end({ timeout: 5 });
  }
}

/** The time stamp of the newest migration, for a process that may not migrate. Throws an Error when the schema is not this code's. */
export async function requireMigrated(url: string): Promise<number> {
  const wanted = readMigrationFiles({ migrationsFolder }).at(-1)!.folderMillis;
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const [{ found }] = await client`select max(created_at)::float8 as found from drizzle.__drizzle_migrations`;
    if (found === wanted) return found;
    const fix = found < wanted ? 'start the site or a worker with the owner’s rights first, which migrates' : 'update this worker';
    throw new Error(`The database's schema is ${found < wanted ? 'older' : 'newer'} than this worker: ${fix}.`);
  } finally {
    await client.end({ timeout: 5 });
  }
}
