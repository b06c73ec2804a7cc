// What Postgres does while workers work: processor time, connections by kind, and what its sessions wait for.
import { readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { rawSql, database } from '../../../lib/db/client.ts';
import { processorTime } from '../pages/processor.ts';

export type Watch = {
  /** Processor milliseconds of Postgres, and of all processors for anything, since the watch began. */
  stop(): Promise<Watched>;
};
export type Watched = {
  seconds: number;
  /** Processors that Postgres kept busy, and that all of the machine kept busy. */
  postgres: number;
  machine: number;
  /** Most connections seen at once, by what opened them. */
  connections: Record<string, number>;
  /** Sessions that were active, on average, by what they did or waited for; most first. */
  active: [string, number][];
  /** Bytes of the write-ahead log. */
  wal: number;
};

const everyMilliseconds = 200;

async function serverPid(): Promise<number> {
  const [{ backend }] = await database().execute<{ backend: number }>(sql`select pg_backend_pid() as backend`);
  const stat = await readFile(`/proc/${backend}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

async function busyTicks(): Promise<number> {
  const [line] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user, nice, system, , , irq, softirq] = line.split(/\s+/).slice(1).map(Number);
  return user + nice + system + irq + softirq;
}

const walBytes = async () => Number((await rawSql()`select pg_current_wal_lsn() - '0/0'::pg_lsn as bytes`)[0].bytes);

/** Begins to watch the server that this process is connected to, on the same machine. */
export async function watchPostgres(): Promise<Watch> {
  const server = await serverPid();
  const [begun, busy, used, wal] = [performance.now(), await busyTicks(), await processorTime(server), await walBytes()];
  const connections: Record<string, number> = {};
  const active = new Map<string, number>();
  let samples = 0;
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    const rows = await rawSql()<{ kind: string; n: number; what: string | null; busy: number }[]>`
      select case when query like 'LISTEN%' then 'listening' when application_name = 'postgres.js' then 'verbs' else 'queue' end as kind,
        case when state = 'idle' then null when state like 'idle in%' then 'transaction, client''s turn'
          else coalesce(wait_event_type || ': ' || wait_event, 'processor') end as what, count(*)::int as n
      from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
      group by 1, 2`;
    samples++;
    const now: Record<string, number> = {};
    for (const { kind, n, what } of rows) {
      now[kind] = (now[kind] ?? 0) + n;
      if (what !== null) active.set(what, (active.get(what) ?? 0) + n);
    }
    for (const [kind, n] of Object.entries(now)) connections[kind] = Math.max(connections[kind] ?? 0, n);
  };
  const timer = setInterval(() => { looking = looking.then(look); }, everyMilliseconds);
  return {
    async stop() {
      clearInterval(timer);
      await looking;
      const seconds = (performance.now() - begun) / 1000;
      return {
        seconds, connections,
        postgres: ((await processorTime(server)) - used) / 1000 / seconds,
        machine: ((await busyTicks()) - busy) / 100 / seconds,
        active: [...active].map(([what, n]): [string, number] => [what, n / samples]).sort((a, b) => b[1] - a[1]),
        wal: (await walBytes()) - wal,
      };
    },
  };
}

/** The statements that took most of the server's time since the last reset; nothing where the server does not count them. */
export async function heaviest(count: number): Promise<{ query: string; calls: number; share: number; mean: number }[]> {
  return rawSql()<{ query: string; calls: number; share: number; mean: number }[]>`
    select regexp_replace(query, '\\s+', ' ', 'g') as query, calls::int, mean_exec_time as mean,
      total_exec_time / sum(total_exec_time) over () as share
    from pg_stat_statements order by total_exec_time desc limit ${count}`;
}
