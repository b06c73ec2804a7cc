// Real PostgreSQL for tests: one embedded server a run (tests/global-setup.ts), one migrated database a test file.
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { connect, disconnect } from '../lib/db/client.ts';
import { migrate } from '../lib/db/migrate.ts';

export type FreshDatabase = { url: string; drop(): Promise<void> };

/** A new, migrated database, with this process connected to it. Call `drop` in afterAll. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = server.replace(/\/[^/]*$/, `/${name}`);
  await migrate(url);
  connect(url);
  return {
    url,
    async drop() {
      await disconnect();
      await administer(server, `drop database ${name} with (force)`);
    },
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = postgres(server, { max: 1, onnotice: () => {} });
  await client.unsafe(statement).finally(() => client.end({ timeout: 5 }));
}
