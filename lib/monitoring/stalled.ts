// Attacks that wait for a numerics class which no living worker has: nothing but starting such a worker helps them.
import { sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { limits } from '../limits.ts';
import { numericsClassOf } from '../queue/jobs.ts';

export type StalledClass = { numericsClass: string; shards: number };

export async function stalledClasses(): Promise<StalledClass[]> {
  const waiting = await database().execute<StalledClass>(sql`
    select needed as "numericsClass", count(*)::int as shards
    from shards s join evaluations e on e.id = s.evaluation_id join phases p on p.id = e.phase_id
    left join reevaluations r on r.id = e.reevaluation_id,
    lateral (select case when r.new_class then r.numerics_class else p.numerics_class end as needed)
    where s.status = 'queued' and s.attack and needed is not null
    group by needed order by needed`);
  if (waiting.length === 0) return [];
  const living = await database().execute<{ engine: string; device: string }>(sql`
    select distinct engine, device from workers
    where stopped_at is null and heartbeat_at > now() - make_interval(secs => ${limits.workerSilenceSeconds})`);
  const served = new Set(living.map(numericsClassOf));
  return waiting.filter(({ numericsClass }) => !served.has(numericsClass));
}
