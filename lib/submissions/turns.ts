// Whose turn it is among shards of equal priority: each challenge gets its share of the workers, whatever crowd stands in another.
import { sql } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';

type Planned = { priority: number; estimatedSeconds: number };

/** How far behind the clock virtual time begins, so that it stays in the past and a job is due at once: a million queued seconds. */
const begin = '1 day';
/** Virtual milliseconds that a second of work moves a challenge on. */
const perSecond = 1;
/** A shard moves it by as much at least, which keeps the order of shards and leaves the turn between two to who begins. */
const least = 2;

/**
 * The turns of shards to be queued for a phase, in their order: start-time fair queueing (Goyal, Vin and Cheng 1996) with a flow a
 * phase. A shard starts where the phase's last one of its priority ended, but not before the earliest that waits at that priority:
 * whoever has nothing waiting begins beside the one whose turn it is, not behind all of a crowd, and saves up no credit.
 */
export async function turnsOf(tx: Transaction, phaseId: string, planned: readonly Planned[]): Promise<Date[]> {
  const ends = new Map<number, { now: number; end: number }>();
  for (const priority of new Set(planned.map((shard) => shard.priority))) ends.set(priority, await endOf(tx, phaseId, priority));
  return planned.map(({ priority, estimatedSeconds }) => {
    const at = ends.get(priority)!;
    const turn = Math.min(at.end, at.now);
    at.end = turn + Math.max(least, Math.round(estimatedSeconds * perSecond));
    return new Date(turn);
  });
}

/** Where the next shard of a phase starts, and the database's clock, both in milliseconds since 1970. */
async function endOf(tx: Transaction, phaseId: string, priority: number): Promise<{ now: number; end: number }> {
  const [row] = await tx.execute<{ now: number; end: number }>(sql`
    with waiting as (
      select turn, evaluation_id, greatest(${least}, estimated_seconds * ${perSecond}::float8) as milliseconds from shards
      where status in ('queued', 'running') and priority = ${priority})
    select extract(epoch from now())::float8 * 1000 as now,
      extract(epoch from greatest(
        coalesce((select min(turn) + interval '1 millisecond' from waiting), now() - ${begin}::interval),
        (select max(turn + make_interval(secs => milliseconds / 1000)) from waiting
          where evaluation_id in (select id from evaluations where phase_id = ${phaseId}))
      ))::float8 * 1000 as end`);
  return { now: Math.floor(row.now), end: Math.ceil(row.end) };
}
