// Whether this process can serve: the database answers, has the tables that this code reads, and holds the queue.
import { getTableColumns, getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { setTimeout as sleep } from 'node:timers/promises';
import { database } from '../db/client.ts';
import * as schema from '../db/schema.ts';
import { messageOf } from '../errors.ts';
import { log } from '../log.ts';

const checks = { database: answers, migrations: hasSchema, queue: hasQueue } as const;
type PartName = keyof typeof checks;

/** For each part `ok`, or in a few words what is wrong. Whoever asks may be anybody, so why it is wrong stands in the log alone. */
export type Readiness = { ready: boolean; parts: Record<PartName, string> };

const patienceMilliseconds = 2000;

/** Never throws. Takes two seconds at most: a part that has not answered by then counts as not answering. */
export async function readiness(): Promise<Readiness> {
  const found = await Promise.all((Object.keys(checks) as PartName[]).map(async (name) => [name, await tried(name)] as const));
  return { ready: found.every(([, how]) => how === 'ok'), parts: Object.fromEntries(found) as Readiness['parts'] };
}

async function tried(name: PartName): Promise<string> {
  const patience = new AbortController();
  const late = sleep(patienceMilliseconds, 'does not answer', { signal: patience.signal, ref: false }).catch(() => 'ok');
  const check = checks[name]().catch((error: unknown) => {
    log.warn({ part: name, reason: messageOf(error) }, 'not ready');
    return 'does not answer';
  });
  return Promise.race([check, late]).finally(() => patience.abort());
}

async function answers(): Promise<string> {
  await database().execute(sql`select 1`);
  return 'ok';
}

async function hasSchema(): Promise<string> {
  const rows = await database().execute<{ name: string }>(sql`
    select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public'`);
  const there = new Set(rows.map(({ name }) => name));
  const missing = wantedColumns().filter((name) => !there.has(name));
  if (missing.length === 0) return 'ok';
  log.warn({ missing: missing.slice(0, 10) }, 'the database lacks columns: it is older than this code');
  return 'older than this site: start a worker of this version, which migrates';
}

function wantedColumns(): string[] {
  const tables = Object.values(schema).filter((one) => is(one, PgTable)) as PgTable[];
  return tables.flatMap((table) => Object.values(getTableColumns(table)).map((column) => `${getTableName(table)}.${column.name}`));
}

async function hasQueue(): Promise<string> {
  await database().execute(sql`select 1 from graphile_worker.jobs limit 1`);
  return 'ok';
}
