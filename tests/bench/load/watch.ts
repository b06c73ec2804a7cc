// Looks at a run from outside while it goes on: processor time and memory of each part, connections, and the queue.
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import postgres from 'postgres';
import { family, processorTime, processorTimes } from '../pages/processor.ts';
import { mostOf } from './statistics.ts';

export const parts = ['site', 'Postgres', 'workers', 'bench'] as const;
export type Part = (typeof parts)[number];
/** Of the first process of each part; the bench is this one. */
export type Pids = Record<Exclude<Part, 'bench'>, readonly number[]>;
/** Megabytes. */
export type Memory = { start: number; peak: number; end: number };
export type Seen = {
  seconds: number;
  /** Of the whole machine's processor time, in [0, 1]; what nobody of the run used is under `others` and `idle`. */
  share: Record<Part | 'others' | 'idle', number>;
  memory: Record<Part, Memory>;
  /** The most at once, without the bench's own. */
  connections: { all: number } & Record<string, number>;
  /** Waiting and running shards, each the most of a tenth of the time, and evaluations that wait for their headline. */
  queue: { until: number; waiting: number; running: number; headlines: number }[];
};

const secondsBetween = 2;
/** A child dies together with the parent that would have answered for its time: what was last seen of it stands. */
const millisecondsBetweenLooks = 200;

/** Watches from now on; `stop` answers what was seen. */
export function watchRun(databaseUrl: string, pids: Pids): { stop(): Promise<Seen> } {
  const client = postgres(`${databaseUrl}?application_name=bench`, { max: 1, onnotice: () => {} });
  const began = performance.now();
  const over = new AbortController();
  const memory: Record<Part, number>[] = [];
  const connections: Seen['connections'][] = [];
  const queue: Seen['queue'] = [];

  /** Milliseconds of each process that the workers have had. */
  const workers = new Map<string, number>();
  const lookAtWorkers = async () => {
    for (const times of await Promise.all(pids.workers.map(processorTimes))) for (const [name, time] of times) workers.set(name, time);
  };
  const following = (async () => {
    for (; !over.signal.aborted; await wait(millisecondsBetweenLooks, undefined, { signal: over.signal }).catch(() => {})) await lookAtWorkers();
  })();
  following.catch(() => {});

  async function look(): Promise<void> {
    memory.push(await eachPart(async (part) => {
      if (part === 'bench') return process.memoryUsage.rss() / 2 ** 20;
      return sumOf(await Promise.all(pids[part].map((pid) => memoryOf(pid, part === 'Postgres'))));
    }));
    const rows = await client<{ name: string; open: number }[]>`
      select application_name as name, count(*)::int as open from pg_stat_activity
      where backend_type = 'client backend' and application_name <> 'bench' group by 1`;
    connections.push({ ...Object.fromEntries(rows.map(({ name, open }) => [name, open])), all: sumOf(rows.map(({ open }) => open)) });
    const [row] = await client<Omit<Seen['queue'][number], 'until'>[]>`
      select count(*) filter (where status = 'queued')::int as waiting, count(*) filter (where status = 'running')::int as running,
        count(distinct evaluation_id) filter (where headline)::int as headlines
      from shards where status in ('queued', 'running')`;
    queue.push({ until: (performance.now() - began) / 1000, ...row });
  }

  const watching = (async () => {
    await lookAtWorkers();
    const before = await usage(pids, workers);
    while (!over.signal.aborted) {
      await look();
      await wait(secondsBetween * 1000, undefined, { signal: over.signal }).catch(() => {});
    }
    await look();
    await following;
    await lookAtWorkers();
    return { before, after: await usage(pids, workers) };
  })();
  // Whoever stops it hears of it.
  watching.catch(() => {});

  return {
    async stop() {
      over.abort();
      const { before, after } = await watching.finally(() => client.end({ timeout: 5 }));
      const whole = (after.at - before.at) * cpus().length;
      const used = await eachPart(async (part) => (after.used[part] - before.used[part]) / whole);
      const idle = (after.idle - before.idle) / whole;
      const names = [...new Set(connections.flatMap(Object.keys))];
      return {
        seconds: (after.at - before.at) / 1000,
        share: { ...used, idle, others: Math.max(0, 1 - idle - sumOf(Object.values(used))) },
        memory: await eachPart(async (part) => {
          const all = memory.map((one) => one[part]);
          return { start: all[0], peak: mostOf(all), end: all.at(-1)! };
        }),
        connections: Object.fromEntries(names.map((name) => [name, mostOf(connections.map((one) => one[name] ?? 0))])) as Seen['connections'],
        queue: tenths(queue),
      };
    },
  };
}

async function usage(pids: Pids, workers: ReadonlyMap<string, number>) {
  const { user, system } = process.cpuUsage();
  const used = await eachPart(async (part) => {
    // Without the children that it has started, which are the other parts.
    if (part === 'bench') return (user + system) / 1000;
    if (part === 'workers') return sumOf([...workers.values()]);
    return sumOf(await Promise.all(pids[part].map(processorTime)));
  });
  // The first line of /proc/stat: user, nice, system, idle, iowait ..., in hundredths of a second of all processors.
  const [, ...fields] = (await readFile('/proc/stat', 'utf8')).split('\n')[0].split(/\s+/).map(Number);
  return { at: performance.now(), used, idle: 10 * (fields[3] + fields[4]) };
}

async function eachPart<T>(of: (part: Part) => Promise<T>): Promise<Record<Part, T>> {
  return Object.fromEntries(await Promise.all(parts.map(async (part) => [part, await of(part)] as const))) as Record<Part, T>;
}

/** Resident megabytes of a process and its children; what they share is divided among them where `shared`. */
async function memoryOf(pid: number, shared: boolean): Promise<number> {
  const [file, line] = shared ? ['smaps_rollup', /^Pss:\s+(\d+)/m] as const : ['status', /^VmRSS:\s+(\d+)/m] as const;
  const texts = await Promise.all((await family(pid)).map((one) => readFile(`/proc/${one}/${file}`, 'utf8').catch(() => '')));
  return sumOf(texts.map((text) => Number(line.exec(text)?.[1] ?? 0))) / 1024;
}

function tenths(queue: Seen['queue']): Seen['queue'] {
  const length = queue.at(-1)!.until;
  return Array.from({ length: 10 }, (_, i) => {
    const some = queue.filter(({ until }) => until > (i / 10) * length && until <= ((i + 1) / 10) * length);
    const most = (of: 'waiting' | 'running' | 'headlines') => mostOf(some.map((one) => one[of]));
    return { until: ((i + 1) / 10) * length, waiting: most('waiting'), running: most('running'), headlines: most('headlines') };
  });
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
