// The Postgres role of workers that only evaluate: made once a database, with the grants of worker-role.sql and nothing else.
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';

export const workerRole = 'gauntlet_worker';

// Roles belong to the whole server, so two that make it at once would collide; any fixed number serves.
const advisoryLock = 7_204_612;

/**
 * Makes the role or gives it a new password, and sets its grants in this database, whatever they were. `url` is the owner's.
 * Returns the address that such a worker connects by. Throws what Postgres says, for example to an owner who may make no roles.
 */
export async function grantWorkerRole(url: string, password: string): Promise<string> {
  const grants = await readFile(new URL('worker-role.sql', import.meta.url), 'utf8');
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await client.begin(async (sql) => {
      await sql`select pg_advisory_xact_lock(${advisoryLock})`;
      const [known] = await sql`select 1 from pg_roles where rolname = ${workerRole}`;
      const [{ statement }] = await sql`
        select format(${`${known ? 'alter' : 'create'} role ${workerRole} login nosuperuser nocreatedb nocreaterole password %L`}::text, ${password}::text) as statement`;
      await sql.unsafe(statement);
      await sql.unsafe(grants);
    });
  } finally {
    await client.end({ timeout: 5 });
  }
  const address = new URL(url);
  address.username = workerRole;
  address.password = encodeURIComponent(password);
  return address.href;
}
