// Writes a whole database, ours and the queue's tables, into one file: for courses without pg_dump at hand, and for rehearsing.
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { frame, kind, namesOf, type Table } from './backup-file.ts';
import { requireMigrated } from './migrate.ts';

export type Backup = { tables: number; bytes: number };

/**
 * Writes everything to `file` as it stands at one moment; the site and the workers go on. The file holds password hashes, seeds
 * and models: keep it as safe as the database. Throws when the schema is not that of this code.
 */
export async function backup(url: string, file: string): Promise<Backup> {
  const migration = await requireMigrated(url);
  const client = new Client(url);
  const partial = `${file}.part`;
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const tables = await tablesOf(client);
    await pipeline(framesOf(client, migration, tables), createGzip({ level: 1 }), createWriteStream(partial, { mode: 0o600 }));
    const handle = await open(partial, 'r+');
    const { size } = await handle.stat();
    await handle.sync().finally(() => handle.close());
    await rename(partial, file);
    return { tables: tables.length, bytes: size };
  } finally {
    await rm(partial, { force: true });
    await client.end();
  }
}

/** Every table, each after those that it refers to. Columns that Postgres computes are left out. */
async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { name: string; after: string[] }>(`
    select n.nspname as schema, c.relname as table, c.oid::text as name,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      array(select distinct f.confrelid::text from pg_constraint f where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as after
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and (n.nspname = 'public' or n.nspname = 'graphile_worker' and c.relname like '\\_private\\_%')
    order by 1, 2`);
  const ordered: typeof rows[number][] = [];
  while (ordered.length < rows.length) {
    const placed = new Set(ordered.map(({ name }) => name));
    const ready = rows.filter(({ name, after }) => !placed.has(name) && after.every((other) => placed.has(other)));
    if (ready.length === 0) throw new Error('Tables refer to each other in a circle, so no order restores them.');
    ordered.push(...ready);
  }
  return ordered.map(({ schema, table, columns }) => ({ schema, table, columns }));
}

/** The file before compression. */
async function* framesOf(client: Client, migration: number, tables: Table[]): AsyncGenerator<Buffer> {
  yield* frame(JSON.stringify({ kind, migration, tables: tables.length }));
  for (const table of tables) {
    yield* frame(JSON.stringify(table));
    for await (const piece of client.query(copyTo(`copy ${namesOf(table)} to stdout`))) yield* frame(piece as Buffer);
    yield* frame('');
  }
}
