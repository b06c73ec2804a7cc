// Attacks that wait for a numerics class which no living worker has: nothing but starting such a worker helps them.
import { sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { limits } from '../limits.ts';
import { numericsClassOf } from '../queue/jobs.ts';

export type StalledClass = { numericsClass: string; shards: number };

export async function stalledClasses(): Promise<StalledClass[]> {
  const waiting = await database().execute<StalledClass>(sql`
    select p.numerics_class as "numericsClass", count(*)::int as shards
    from shards s join evaluations e on e.id = s.evaluation_id join phases p on p.id = e.phase_id
    where s.status = 'queued' and s.attack and p.numerics_class is not null
    group by p.numerics_class order by p.numerics_class`);
  if (waiting.length === 0) return [];
  const living = await database().execute<{ engine: string; device: string }>(sql`
    select distinct engine, device from workers
    where stopped_at is null and heartbeat_at > now() - make_interval(secs => ${limits.workerSilenceSeconds})`);
  const served = new Set(living.map(numericsClassOf));
  return waiting.filter(({ numericsClass }) => !served.has(numericsClass));
}
