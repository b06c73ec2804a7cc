// The connections of this process: one client for Drizzle, one for raw SQL and LISTEN (Drizzle changes its client's serialisers).
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import { env } from '../env.ts';
import * as schema from './schema.ts';

export type Database = PostgresJsDatabase<typeof schema>;
/** Inside a transaction; verbs that must share one take this. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

type Connections = { url: string; forDrizzle: Sql; raw: Sql; db: Database };

// On globalThis, because Next loads this module more than once (its start apart from its pages, its development server with each change).
const held = globalThis as typeof globalThis & { gauntletConnections?: Connections; gauntletRenewals?: Set<() => void> };

/**
 * What the server is asked to do when this machine is gone without a word (its power, its network): a transaction that waits for us
 * gives its locks back, and a connection that answers nothing is closed, within a minute. Else both stay for hours.
 */
export const farewell = {
  idle_in_transaction_session_timeout: 30_000,
  tcp_keepalives_idle: 30,
  tcp_keepalives_interval: 10,
  tcp_keepalives_count: 3,
};

/** Points this process at a database; closing an earlier one is the caller's business. Connections open on first use. */
export function connect(url: string): void {
  const options = { max: 10, idle_timeout: 30, onnotice: () => {}, connection: farewell };
  const forDrizzle = postgres(url, options);
  held.gauntletConnections = { url, forDrizzle, raw: postgres(url, { ...options, max: 4 }), db: drizzle(forDrizzle, { schema }) };
}

function connections(): Connections {
  if (!held.gauntletConnections) {
    const url = env().DATABASE_URL;
    if (!url) throw new Error('DATABASE_URL is not set. `npm run demo` starts a database of its own; a course sets it to its Postgres.');
    connect(url);
  }
  return held.gauntletConnections!;
}

/** Drizzle over this process's database. Throws when there is no DATABASE_URL. */
export function database(): Database {
  return connections().db;
}

/** Raw postgres.js over the same database, for LISTEN and for SQL that Drizzle has no words for. */
export function rawSql(): Sql {
  return connections().raw;
}

/** Address of this process's database, for libraries that connect themselves. */
export function databaseUrl(): string {
  return connections().url;
}

/**
 * True for the one error that postgres.js 3.4 throws where nobody can catch it: writing, inside a transaction, to a
 * connection that the server has just closed (porsager/postgres #1208). A process that must outlive its server
 * (`outliveDatabase`) answers it with `renewConnections`, since the query concerned would wait for ever.
 */
function isLostConnection(error: unknown): boolean {
  return error instanceof TypeError && /nextWrite .*postgres.*connection\.js/.test(error.stack ?? '');
}

/** Fails whatever waits for the database and connects anew. */
function renewConnections(): void {
  const lost = held.gauntletConnections;
  if (!lost) return;
  connect(lost.url);
  for (const client of [lost.forDrizzle, lost.raw]) client.end({ timeout: 0 }).catch(() => {});
  for (const act of held.gauntletRenewals ?? []) act();
}

/** Has something done whenever the connections were renewed: what hung on the old ones is to be begun again. */
export function afterRenewal(act: () => void): void {
  (held.gauntletRenewals ??= new Set()).add(act);
}

/** Answers `isLostConnection` for the rest of this process. Other uncaught exceptions go where they would have gone: `otherwise`. */
export function outliveDatabase(otherwise: (error: unknown) => void = () => {}): void {
  process.on('uncaughtException', (error) => {
    if (!isLostConnection(error)) return otherwise(error);
    // Not before it is needed: the log reads the environment when it is loaded, which whoever connects may still be making.
    void import('../log.ts').then(({ log }) => log.warn('the database closed a connection in use; connecting anew'));
    renewConnections();
  });
}

/** Closes both clients; the next call connects anew. */
export async function disconnect(): Promise<void> {
  const open = held.gauntletConnections;
  held.gauntletConnections = undefined;
  await Promise.all([open?.forDrizzle.end({ timeout: 5 }), open?.raw.end({ timeout: 5 })]);
}
