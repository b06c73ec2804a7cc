// The platform's state as Prometheus reads it, counted in the database at the moment of asking, whichever process is asked.
import { timingSafeEqual } from 'node:crypto';
import { sql, type SQL } from 'drizzle-orm';
import { Gauge, Registry } from 'prom-client';
import { database } from '../db/client.ts';
import { env } from '../env.ts';
import { RequestError } from '../errors.ts';
import { limits } from '../limits.ts';
import { ownMetrics } from './requests.ts';
import { stalledClasses } from './stalled.ts';

type Row = { value: number } & Record<string, string | number | null>;
/** One gauge: a row a label combination, with its value. */
type Counted = { help: string; labels: string[]; rows: () => Promise<readonly Row[]> };

const rowsOf = (query: SQL) => async (): Promise<readonly Row[]> => database().execute<Row>(query);
const alive = sql`stopped_at is null and heartbeat_at > now() - make_interval(secs => ${limits.workerSilenceSeconds})`;

/** A counter of the past would forget at each restart of whoever counts, so these are gauges over what is stored. */
const counted = {
  gauntlet_queue_jobs: {
    help: 'Jobs in the queue: due and not begun, running, waiting for a later time, or given up.',
    labels: ['task', 'state'],
    rows: rowsOf(sql`
      select task_identifier as task, case when locked_at is not null then 'running' when attempts >= max_attempts then 'given-up'
        when run_at > now() then 'later' else 'due' end as state, count(*)::int as value
      from graphile_worker.jobs group by 1, 2`),
  },
  gauntlet_queue_oldest_seconds: {
    help: 'Age of the oldest due job that nobody has begun.',
    labels: ['task'],
    rows: rowsOf(sql`
      select task_identifier as task, extract(epoch from now() - min(greatest(run_at, created_at)))::float8 as value
      from graphile_worker.jobs where locked_at is null and attempts < max_attempts and run_at <= now() group by 1`),
  },
  gauntlet_shards: {
    help: 'Shards of all evaluations, by what became of them.',
    labels: ['status'],
    rows: rowsOf(sql`select status::text, count(*)::int as value from shards group by 1`),
  },
  gauntlet_evaluations: {
    help: 'Evaluations, by phase and by what became of them.',
    labels: ['phase', 'status'],
    rows: rowsOf(sql`
      select p.kind::text as phase, e.status::text, count(*)::int as value
      from evaluations e join phases p on p.id = e.phase_id group by 1, 2`),
  },
  gauntlet_evaluations_failed: {
    help: 'Failed evaluations, by whose fault it was.',
    labels: ['blame'],
    rows: rowsOf(sql`select failure ->> 'blame' as blame, count(*)::int as value from evaluations where status = 'failed' group by 1`),
  },
  gauntlet_workers_alive: {
    help: 'Workers heard of within the time after which one is taken for dead.',
    labels: ['engine', 'device'],
    rows: rowsOf(sql`select engine, device, count(*)::int as value from workers where ${alive} group by 1, 2`),
  },
  gauntlet_worker_slots: {
    help: 'Shards that the living workers run at once.',
    labels: [],
    rows: rowsOf(sql`select coalesce(sum(concurrency), 0)::int as value from workers where ${alive}`),
  },
  gauntlet_worker_shards_done: {
    help: 'Shards that workers have run, those that stopped within the last 30 days too.',
    labels: [],
    rows: rowsOf(sql`select coalesce(sum(shards_done), 0)::float8 as value from workers`),
  },
  gauntlet_worker_child_failures: {
    help: 'Sandboxed children that had to be ended, whoever was to blame.',
    labels: [],
    rows: rowsOf(sql`select coalesce(sum(child_failures), 0)::float8 as value from workers`),
  },
  gauntlet_stalled_shards: {
    help: 'Attack shards that wait for a numerics class which no living worker has.',
    labels: ['numerics_class'],
    rows: async () => (await stalledClasses()).map(({ numericsClass, shards }) => ({ numerics_class: numericsClass, value: shards })),
  },
  gauntlet_notifications: {
    help: 'Notifications, by kind and by whether they were mailed; `none` were turned off, wait, or have nobody to send them.',
    labels: ['kind', 'mail'],
    rows: rowsOf(sql`
      select kind, case when emailed_at is not null then 'sent' when email_problem is not null then 'refused' else 'none' end as mail,
        count(*)::int as value
      from notifications group by 1, 2`),
  },
  gauntlet_webhooks: {
    help: 'Webhooks: on, failing (the newest delivery was given up), or off.',
    labels: ['state'],
    rows: rowsOf(sql`
      select case when not enabled then 'off' when failures > 0 then 'failing' else 'on' end as state, count(*)::int as value
      from webhooks group by 1`),
  },
  gauntlet_database_bytes: {
    help: 'Size of the database on its disk, without the write-ahead log.',
    labels: [],
    rows: rowsOf(sql`select pg_database_size(current_database())::float8 as value`),
  },
  gauntlet_table_bytes: {
    help: 'Size of each table with its indexes. Models are in artifact_chunks, outcomes in cells.',
    labels: ['table'],
    rows: rowsOf(sql`
      select relname as "table", pg_total_relation_size(relid)::float8 as value from pg_stat_user_tables where schemaname = 'public'`),
  },
  gauntlet_table_rows: {
    help: 'Rows of each table, as Postgres estimates them.',
    labels: ['table'],
    rows: rowsOf(sql`select relname as "table", n_live_tup::float8 as value from pg_stat_user_tables where schemaname = 'public'`),
  },
  gauntlet_database_connections: {
    help: 'Connections to the Postgres server, of everybody.',
    labels: [],
    rows: rowsOf(sql`select count(*)::int as value from pg_stat_activity where backend_type = 'client backend'`),
  },
  gauntlet_database_connections_most: {
    help: 'How many the server takes.',
    labels: [],
    rows: rowsOf(sql`select setting::int as value from pg_settings where name = 'max_connections'`),
  },
} satisfies Record<string, Counted>;

/** Everything, in Prometheus' text format. Throws what the database throws. */
export async function metricsText(): Promise<string> {
  const registry = new Registry();
  await Promise.all(
    Object.entries(counted as Record<string, Counted>).map(async ([name, { help, labels, rows }]) => {
      const gauge = new Gauge({ name, help, labelNames: labels, registers: [registry] });
      for (const { value, ...of } of await rows()) gauge.set(of as Record<string, string>, value);
    }),
  );
  return (await ownMetrics().registry.metrics()) + '\n' + (await registry.metrics());
}

/**
 * Lets in whoever shows METRICS_TOKEN. Throws RequestError 404 where the site has none: behind a proxy every caller seems to come
 * from this machine, so there is no address that could be trusted instead. 401 without the right token.
 */
export function requireMetricsToken(authorization: string | null): void {
  const wanted = env().METRICS_TOKEN;
  if (!wanted) throw new RequestError(404, 'This site gives out no metrics. To have them, set METRICS_TOKEN in its environment.');
  const given = Buffer.from(/^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
  const right = Buffer.from(wanted);
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new RequestError(401, 'Send the site\'s METRICS_TOKEN as "Authorization: Bearer <token>".');
  }
}
