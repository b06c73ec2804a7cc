// Real PostgreSQL for tests: one embedded server a run (tests/global-setup.ts), one copy of its migrated database a test file.
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';
import { connect, disconnect } from '../lib/db/client.ts';

export type FreshDatabase = { url: string; drop(): Promise<void> };

/** A new, migrated database, with this process connected to it. Call `drop` in afterAll. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const server = inject('postgresUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Copied as files: a tenth of the time that migrating takes.
  await administer(server, `create database ${name} template gauntlet strategy file_copy`);
  const url = server.replace(/\/[^/]*$/, `/${name}`);
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
  // Not through the database that is copied.
  const client = postgres(server.replace(/\/[^/]*$/, '/postgres'), { max: 1, onnotice: () => {} });
  await client.unsafe(statement).finally(() => client.end({ timeout: 5 }));
}
