// What a kill interrupted, and whether that has gone on since.
import { rawSql } from '../../lib/db/client.ts';
import type { Victim } from './system.ts';

/** A shard that was running, by its id. */
export type Struck = readonly string[];

/** The shards that run on what is about to be killed; none for the site, which runs none. Empty, too, while there is no database. */
export async function aboutToBeStruck(victim: Victim, worker: string): Promise<Struck> {
  if (victim === 'web') return [];
  const rows = await rawSql()<{ id: string }[]>`
    select shards.id from shards left join workers on workers.id = shards.worker_id
    where shards.status = 'running' and (${victim === 'postgres'} or workers.name = ${worker})`.catch(whenAway([]));
  return rows.map(({ id }) => id);
}

/** For a statement's catch: what a database that is away says is taken for `instead`, and a mistake in the statement is thrown. */
export function whenAway<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if ((error as { severity?: string }).severity === 'ERROR') throw error;
    return instead;
  };
}

/** Whether something of all of them has landed since a moment, or nothing is left to land; of none at all, whether anything has. */
export async function wentOn(struck: Struck, since: Date): Promise<boolean> {
  const [{ on }] = await rawSql()<{ on: boolean }[]>`
    select case when ${struck.length === 0}
      then exists (select 1 from parts where created_at > ${since}) or exists (select 1 from cells where created_at > ${since})
      else not exists (
        select 1 from shards join evaluations on evaluations.id = shards.evaluation_id
        where shards.id = any(${[...struck]}::uuid[])
          and shards.status in ('queued', 'running') and evaluations.status in ('queued', 'running')
          and not exists (
            select 1 from parts where parts.evaluation_id = shards.evaluation_id and parts.trial_id = shards.trial_id
              and parts.first_image >= shards.first_image and parts.end_image <= shards.end_image and parts.created_at > ${since}))
      end as on`.catch(whenAway([{ on: false }]));
  return on;
}
