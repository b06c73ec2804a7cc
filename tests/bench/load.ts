// `npm run bench:load`: a class uploads within ten minutes while boards are open with live updates, and with `--write` docs/reliability.md says how it went.
import { setMaxListeners } from 'node:events';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { setTimeout as wait } from 'node:timers/promises';
import { findChallenge } from '../../lib/challenges/challenges.ts';
import { database } from '../../lib/db/client.ts';
import { messageOf } from '../../lib/errors.ts';
import { writePart } from './document.ts';
import { delaysOf, fairnessOf } from './load/delays.ts';
import { modelMaker } from './load/models.ts';
import { listenToNews } from './load/news.ts';
import { comeToUpload, keepBoardOpen, newStudent, signIn, type School } from './load/people.ts';
import { newRecord } from './load/record.ts';
import { markdownOf } from './load/report.ts';
import { startLoadSite, type LoadSite } from './load/site.ts';
import { summaryOf } from './load/statistics.ts';
import { timetableOf } from './load/timetable.ts';
import { watchRun } from './load/watch.ts';

const { values: options } = parseArgs({
  options: {
    students: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '600' },
    viewers: { type: 'string', default: '100' },
    workers: { type: 'string', default: '1' },
    /** Evaluators of each worker; as many as there are processors, among all of them. */
    concurrency: { type: 'string' },
    seed: { type: 'string', default: 'a class' },
    write: { type: 'boolean', default: false },
  },
});
const [students, seconds, viewers, workers] = [options.students, options.seconds, options.viewers, options.workers].map(Number);
const concurrency = Number(options.concurrency ?? Math.max(1, Math.floor(cpus().length / workers)));
/** How long anybody waits for a score, and the bench after them for the last shard. */
const patienceSeconds = 60;
const lastSeconds = 20;

/** Waits until nothing is evaluated any more, or gives up; shards that are left. */
async function drained(): Promise<number> {
  const until = performance.now() + lastSeconds * 1000;
  for (;;) {
    const [{ left }] = await database().execute<{ left: number }>(sql`select count(*)::int as left from shards where status in ('queued', 'running')`);
    if (left === 0 || performance.now() > until) return left;
    await wait(500);
  }
}

/** Two figures of the site's own. */
async function metricsOf({ url, metricsToken }: LoadSite): Promise<{ streams: number; heap: number }> {
  const text = await (await fetch(`${url}/api/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } })).text();
  const figure = (name: string) => [...text.matchAll(new RegExp(`^${name}(?:{.*})? ([\\d.e+]+)$`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0);
  return { streams: figure('gauntlet_event_streams'), heap: figure('nodejs_heap_size_used_bytes') / 1e6 };
}

/** The whole class at one moment, in browsers that know nothing yet. */
async function signInTogether(site: LoadSite, school: School) {
  const record = newRecord();
  const began = performance.now();
  const times: number[] = [];
  await Promise.all(site.accounts.map(async (account) => {
    await signIn(newStudent({ ...school, record }, account), began).then(() => times.push(performance.now() - began), () => {});
  }));
  for (const [why, count] of record.errors()) for (let i = 0; i < count; i++) school.record.failed('all signing in at once', why);
  for (let i = record.sentAgain(); i > 0; i--) school.record.again();
  return { each: summaryOf(times), seconds: (performance.now() - began) / 1000 };
}

async function run(site: LoadSite): Promise<string> {
  const load = loadavg()[0];
  const record = newRecord();
  const { id: challengeId } = (await findChallenge(site.slug))!;
  const news = await listenToNews(`${site.databaseUrl}?application_name=bench`, { challengeId, slug: site.slug }, record);
  const [{ server }] = await database().execute<{ server: number }>(sql`select split_part(pg_read_file('postmaster.pid'), E'\n', 1)::int as server`);
  const school: School = { url: site.url, slug: site.slug, record, news, modelOf: await modelMaker(), patience: patienceSeconds * 1000 };
  const people = site.accounts.map((account) => newStudent(school, account));
  const visits = timetableOf({ students, seconds, seed: options.seed });
  const before = await metricsOf(site);
  const watching = watchRun(site.databaseUrl, { site: [site.web], Postgres: [server], workers: site.workers });
  const start = performance.now();
  const leave = new AbortController();
  // Every open board hears of it.
  setMaxListeners(0, leave.signal);
  // Boards are opened within the first twentieth of the time.
  const boards = people.slice(0, viewers).map((viewer, i) => keepBoardOpen(school, viewer, start + (i / viewers) * seconds * 50, leave.signal));
  const said = setInterval(() => console.error(`${((performance.now() - start) / 1000).toFixed(0)} s: ${record.lines().find(({ kind }) => kind === 'confirm')?.times?.count ?? 0} submitted, ${record.errors().length} kinds of errors`), 10_000);
  await Promise.all(visits.map((visit) => comeToUpload(school, people[visit.student], visit, start)));
  const left = await drained();
  clearInterval(said);
  leave.abort();
  await Promise.all(boards);
  const seen = await watching.stop();
  const together = await signInTogether(site, school);
  const afterwards = await metricsOf(site);
  await news.stop();
  return markdownOf({
    command: `npm run bench:load -- --students ${students} --seconds ${seconds} --viewers ${viewers} --workers ${workers} --seed "${options.seed}"`,
    machine: `${new Date().toISOString().slice(0, 10)}, ${cpus()[0].model}, ${cpus().length} processors, Node ${process.versions.node}, load average before ${load.toFixed(1)}`,
    students, viewers, visits: visits.length,
    workers: `${workers} ${workers === 1 ? 'worker' : 'workers'} of ${concurrency} ${concurrency === 1 ? 'evaluator' : 'evaluators'}`,
    lines: record.lines(), errors: record.errors(), again: record.sentAgain(), fairness: fairnessOf(await delaysOf(challengeId)), seen, together,
    afterwards: { ...afterwards, heapBefore: before.heap }, left,
  });
}

async function main(): Promise<void> {
  console.error('Starting Postgres, the site and the workers ...');
  const site = await startLoadSite({ students, workers, concurrency });
  try {
    const text = await run(site);
    console.log(text);
    if (options.write) await writePart('reliability', 'load', text);
  } finally {
    await site.stop();
  }
}

main().then(() => process.exit(), (error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
