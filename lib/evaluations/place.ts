// How far an evaluation is, its place in the line, and about how long that takes.
import { sql, type SQL } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { limits } from '../limits.ts';

export type Progress = {
  /** How much of the work is done, in [0, 1], by estimated time: an attacked image costs a hundred clean ones. */
  share: number;
  doneImages: number;
  totalImages: number;
  doneShards: number;
  shards: number;
  /** Waiting shards of other submissions that run before this one's next; 0 when it is running or done. */
  shardsAhead: number;
  /** Null when no worker lives or nothing is left to do. */
  etaSeconds: number | null;
} & Line;

/** Where an evaluation stands among those that wait. */
export type Line = {
  /** From 1, the next to be begun or gone on with; null while a part of it runs, and when nothing of it waits. */
  position: number | null;
  /** About how long until then; null without a position, and while no worker lives. */
  startsInSeconds: number | null;
};

const nowhere: Line = { position: null, startsInSeconds: null };

/** How much of an estimate to believe, from the shards done lately anywhere; 1 as long as there are none. */
const recentShards = 200;

type Row = {
  done_images: number;
  total_images: number;
  done_shards: number;
  shards: number;
  running: number;
  ahead: number;
  seconds_done: number;
  seconds_total: number;
  seconds_left: number;
  seconds_ahead: number;
  slots: number;
  ratio: number | null;
};

/** Seconds that shards took lately for each that was estimated. */
const recentRatio: SQL = sql`
  select (sum(took) / nullif(sum(estimated_seconds), 0))::float8 as ratio from (
    select extract(epoch from finished_at - started_at) as took, estimated_seconds from shards
    where status = 'done' and started_at is not null and finished_at > now() - interval '1 hour'
    order by finished_at desc limit ${recentShards}) as recent`;

/** Shards that the living workers run at once. */
const livingSlots: SQL = sql`
  select coalesce(sum(concurrency), 0)::int as slots from workers
  where stopped_at is null and heartbeat_at > now() - make_interval(secs => ${limits.workerSilenceSeconds})`;

type LineRow = { evaluation_id: string; position: number; seconds_ahead: number; running: number; seconds_running: number; slots: number; ratio: number | null };

/** The places of evaluations in the line of all challenges, by evaluation id: of those asked for that wait wholly. */
export async function linesOf(evaluationIds: readonly string[]): Promise<Map<string, Line>> {
  if (evaluationIds.length === 0) return new Map();
  const asked = JSON.stringify(evaluationIds);
  const rows = await database().execute<LineRow>(sql`
    with waiting as (
      select evaluation_id, priority, turn, id,
        sum(estimated_seconds) over (order by priority, turn, id rows unbounded preceding) - estimated_seconds as seconds_ahead
      from shards where status = 'queued'),
    heads as (
      select distinct on (evaluation_id) evaluation_id, priority, turn, seconds_ahead from waiting
      order by evaluation_id, priority, turn, id),
    line as (select evaluation_id, seconds_ahead, row_number() over (order by priority, turn, evaluation_id) as position from heads),
    busy as (
      select count(*)::int as running,
        coalesce(sum(greatest(0, estimated_seconds - extract(epoch from now() - started_at))), 0)::float8 as seconds_running
      from shards where status = 'running')
    select evaluation_id, position::int, seconds_ahead::float8, running, seconds_running, slots, ratio
    from line, busy, (${livingSlots}) as living, (${recentRatio}) as recent
    where evaluation_id in (select json_array_elements_text(${asked}::json)::uuid)
      and not exists (select 1 from shards where shards.evaluation_id = line.evaluation_id and shards.status = 'running')`);
  return new Map(rows.map((row) => [row.evaluation_id, { position: row.position, startsInSeconds: startOf(row) }]));
}

function startOf({ seconds_ahead: ahead, seconds_running: left, running, slots, ratio }: LineRow): number | null {
  if (slots === 0) return null;
  // With a slot free and nobody before it, it begins at once.
  if (running < slots && ahead === 0) return 0;
  return Math.ceil(((ahead + left) * (ratio ?? 1)) / slots);
}

export async function progressOf(evaluationId: string): Promise<Progress> {
  const [[row], lines] = await Promise.all([rowOf(evaluationId), linesOf([evaluationId])]);
  const left = row.seconds_left + row.seconds_ahead;
  return {
    share: row.seconds_total > 0 ? Math.min(1, row.seconds_done / row.seconds_total) : 0,
    doneImages: row.done_images,
    totalImages: row.total_images,
    doneShards: row.done_shards,
    shards: row.shards,
    shardsAhead: row.running > 0 ? 0 : row.ahead,
    etaSeconds: row.slots > 0 && row.seconds_left > 0 ? Math.ceil((left * (row.ratio ?? 1)) / row.slots) : null,
    ...(lines.get(evaluationId) ?? nowhere),
  };
}

function rowOf(evaluationId: string): Promise<Row[]> {
  return database().execute<Row>(sql`
    with mine as (select * from shards where evaluation_id = ${evaluationId}),
    next as (select priority, turn from mine where status = 'queued' order by priority, turn limit 1),
    last as (select priority, turn from mine where status = 'queued' order by priority desc, turn desc limit 1),
    others as (
      select s.priority, s.turn, s.estimated_seconds from shards s
      where s.status = 'queued' and s.evaluation_id <> ${evaluationId}),
    landed as (
      select sum(end_image - first_image) as images from parts where evaluation_id = ${evaluationId})
    select
      count(*)::int as shards,
      coalesce(sum(end_image - first_image), 0)::int as total_images,
      count(*) filter (where status = 'done')::int as done_shards,
      count(*) filter (where status = 'running')::int as running,
      coalesce((select images from landed), sum(end_image - first_image) filter (where status = 'done'), 0)::int as done_images,
      coalesce(sum(estimated_seconds * case when status = 'done' then 1 else coalesce((
        select sum(p.end_image - p.first_image)::float8 / (mine.end_image - mine.first_image) from parts p
        where p.evaluation_id = mine.evaluation_id and p.trial_id = mine.trial_id
          and p.first_image >= mine.first_image and p.end_image <= mine.end_image), 0) end), 0)::float8 as seconds_done,
      coalesce(sum(estimated_seconds), 0)::float8 as seconds_total,
      coalesce(sum(estimated_seconds) filter (where status in ('queued', 'running')), 0)::float8 as seconds_left,
      (select count(*) from others, next where (others.priority, others.turn) < (next.priority, next.turn))::int as ahead,
      (select coalesce(sum(others.estimated_seconds), 0) from others, last
        where (others.priority, others.turn) < (last.priority, last.turn))::float8 as seconds_ahead,
      (${livingSlots}) as slots,
      (${recentRatio}) as ratio
    from mine`);
}
