// Fills a new database from the file of a backup, all or nothing.
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Client, escapeIdentifier } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { framesIn, headSchema, json, nameOf, namesOf, tableSchema, type Table } from './backup-file.ts';
import { migrate, requireMigrated } from './migrate.ts';

const noBackup = 'The file is no backup that `gauntlet backup` wrote, or it is damaged. Nothing was restored.';
const cutOff = 'The backup ends too early: the file was cut off. Nothing was restored.';
/** What gunzip says of a file. */
const gunzipSays: Record<string, string> = { Z_BUF_ERROR: cutOff, Z_DATA_ERROR: noBackup };

/**
 * Fills an empty database from a file of `backup`, all or nothing; what was running then waits to be run. Throws an Error when the
 * database holds anybody, the file is no such file, is cut off, or is of another schema than this code's.
 */
export async function restore(url: string, file: string): Promise<{ tables: number }> {
  await migrate(url);
  const here = await requireMigrated(url);
  const client = new Client(url);
  await client.connect();
  try {
    const { rows: [{ people }] } = await client.query('select count(*)::int as people from users');
    if (people > 0) throw new Error(`The database is not empty (${people} accounts). Restore into a new one, and point DATABASE_URL at it.`);
    await client.query('begin');
    const tables = await pipeline(createReadStream(file), createGunzip(), (source) => fill(client, here, framesIn(source))).catch(
      (error: NodeJS.ErrnoException) => { throw gunzipSays[error.code!] ? new Error(gunzipSays[error.code!], { cause: error }) : error; },
    );
    await client.query('commit');
    return { tables };
  } finally {
    // Without its commit nothing has happened.
    await client.end();
  }
}

async function fill(client: Client, here: number, frames: AsyncGenerator<Buffer>): Promise<number> {
  const next = async () => {
    const { value, done } = await frames.next();
    if (done) throw new Error(cutOff);
    return value;
  };
  const head = headSchema.safeParse(json(await next()));
  if (!head.success) throw new Error(noBackup);
  const { migration, tables } = head.data;
  if (migration !== here) {
    throw new Error(`The backup is of ${migration < here ? 'an older' : 'a newer'} version of Gauntlet. Restore it with that version, then update.`);
  }
  for (let i = 0; i < tables; i++) await fillTable(client, tableSchema.parse(json(await next())), next);
  // Nobody works on anything yet.
  for (const table of ['jobs', 'job_queues']) {
    await client.query(`update graphile_worker._private_${table} set locked_by = null, locked_at = null where locked_by is not null`);
  }
  await client.query("update shards set status = 'queued', worker_id = null where status = 'running'");
  await client.query('update workers set stopped_at = now() where stopped_at is null');
  return tables;
}

async function fillTable(client: Client, table: Table, next: () => Promise<Buffer>): Promise<void> {
  const name = nameOf(table);
  // Rows that a migration put there, and triggers that would only repeat what the rows say.
  await client.query(`delete from ${name}`);
  await client.query(`alter table ${name} disable trigger user`);
  async function* rows() {
    for (let frame = await next(); frame.length > 0; frame = await next()) yield frame;
  }
  await pipeline(rows, client.query(copyFrom(`copy ${namesOf(table)} from stdin`)));
  await client.query(`alter table ${name} enable trigger user`);
  for (const column of table.columns) {
    const { rows: [{ sequence }] } = await client.query('select pg_get_serial_sequence($1, $2) as sequence', [name, column]);
    if (sequence) await client.query(`select setval($1, coalesce((select max(${escapeIdentifier(column)}) from ${name}), 0) + 1, false)`, [sequence]);
  }
}
