// Processor time that a site and its database take: what a page costs, however busy the machine is beside. Linux alone can tell.
import { readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { database } from '../../../lib/db/client.ts';

/** Clock ticks of /proc are hundredths of a second on every Linux. */
const tickMilliseconds = 10;

/** Milliseconds so far of a process, its children, and the database's own for this database where they run here; null elsewhere. */
export async function processorOf(pid: number): Promise<number | null> {
  const site = await Promise.all((await family(pid)).map(ticksOf));
  const backends = await database().execute<{ pid: number }>(sql`
    select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`);
  const served = await Promise.all(backends.map((backend) => ticksOf(backend.pid)));
  if (site.includes(null) || served.includes(null)) return null;
  return [...site, ...served].reduce<number>((sum, ticks) => sum + ticks!, 0) * tickMilliseconds;
}

async function family(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(children.trim().split(' ').filter(Boolean).map((child) => family(Number(child))));
  return [pid, ...below.flat()];
}

async function ticksOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // The name in parentheses may hold anything; user and system time are the 12th and 13th fields after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
