// Processor time that a site and its database take: what a page costs, however busy the machine is beside. Linux alone can tell.
import { readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import { database } from '../../../lib/db/client.ts';

/** Clock ticks of /proc are hundredths of a second on every Linux. */
const tickMilliseconds = 10;

/** Milliseconds so far of a process and of the Postgres server that this one is connected to, with all their children; null elsewhere. */
export async function processorOf(pid: number): Promise<number | null> {
  const [{ backend }] = await database().execute<{ backend: number }>(sql`select pg_backend_pid() as backend`);
  const server = (await statOf(backend))?.parent;
  if (!server) return null;
  return (await processorTime(pid)) + (await processorTime(server));
}

/** Milliseconds so far of a process with all its children. */
export async function processorTime(pid: number): Promise<number> {
  // One that ended just now counts with its parent the next time.
  return [...(await processorTimes(pid)).values()].reduce((sum, time) => sum + time, 0);
}

/** The same of each by itself, under a name that no later process has. */
export async function processorTimes(pid: number): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const one of await family(pid)) {
    const stat = await statOf(one);
    if (stat) times.set(`${one} ${stat.began}`, stat.ticks * tickMilliseconds);
  }
  return times;
}

/** A process and all below it. */
export async function family(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(children.trim().split(' ').filter(Boolean).map((child) => family(Number(child))));
  return [pid, ...below.flat()];
}

/** Its parent, when it began, and the ticks of itself and of children that have ended: a connection that was closed has still cost what it did. */
async function statOf(pid: number): Promise<{ parent: number; began: number; ticks: number } | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // The name in parentheses may hold anything; the parent is the 2nd field after it, user and system time the 12th to 15th, the start the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
  return { parent: fields[1], began: fields[19], ticks: fields.slice(11, 15).reduce((sum, ticks) => sum + ticks, 0) };
}
