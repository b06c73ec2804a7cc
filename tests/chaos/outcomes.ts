// What evaluations came to, read from the database as it is.
import { createHash } from 'node:crypto';
import { rawSql } from '../../lib/db/client.ts';
import { whenAway } from './struck.ts';

/** Each cell's trial with a hash of everything in it but who ran it when and how fast. */
export type Outcome = Record<string, string>;

export async function outcomeOf(evaluationId: string): Promise<Outcome> {
  const rows = await rawSql()`
    select trial_id, total, correct, confusion, diagnostics, encode(correct_bits, 'hex') as bits, encode(predictions, 'hex') as predictions
    from cells where evaluation_id = ${evaluationId} order by trial_id`;
  return Object.fromEntries(rows.map(({ trial_id: id, ...cell }) => [id, createHash('sha256').update(JSON.stringify(cell)).digest('hex')]));
}

/** Null while the database is away. */
export async function openEvaluations(): Promise<number | null> {
  const rows = await rawSql()<{ n: number }[]>`select count(*)::int as n from evaluations where status in ('queued', 'running')`.catch(whenAway(null));
  return rows && rows[0].n;
}

/** The longest that a shard of this student's took. */
export async function shardSecondsOf(userId: string): Promise<number> {
  const [{ seconds }] = await rawSql()<{ seconds: number }[]>`
    select max(extract(epoch from shards.finished_at - shards.started_at))::float8 as seconds
    from shards join evaluations on evaluations.id = shards.evaluation_id join submissions on submissions.id = evaluations.submission_id
    where submissions.user_id = ${userId}`;
  return seconds;
}
