// `npm run bench:board`: what a page of 50 of 5,000 rows costs beside a bare page of the same built site, in requests per second.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { connect, database, disconnect } from '../../lib/db/client.ts';
import { startEmbedded } from '../../lib/db/embedded.ts';
import { migrate } from '../../lib/db/migrate.ts';
import { messageOf } from '../../lib/errors.ts';
import { wholeBoard } from '../../lib/leaderboard/arrange.ts';
import { boardPage } from '../../lib/leaderboard/board.ts';
import { startWeb } from '../e2e/bare-site.ts';
import { seedCrowd } from './board/crowd.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '10' },
    /** Requests under way at once. */
    at: { type: 'string', default: '8' },
    /** Only what the page is made of, without a site. */
    data: { type: 'boolean', default: false },
  },
});
/** Of a bare page's requests per second: the least that the board is to reach. */
const goal = 0.8;

async function milliseconds(times: number, act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < times; i++) await act();
  return (performance.now() - begun) / times;
}

/** Reading for a page: the first time, again, after a change of one row, and searched and sorted. */
async function readings(slug: string): Promise<void> {
  const ask = { ...wholeBoard, search: 'model 49', sort: { key: 'robust', descending: true } } as const;
  const change = () => database().execute(sql`update submissions set late = not late where id = (select id from submissions order by id limit 1)`);
  const lines: [string, number][] = [
    ['an empty query', await milliseconds(50, () => database().execute(sql`select 1`))],
    ['first page, first time', await milliseconds(1, () => boardPage(null, slug))],
    ['first page', await milliseconds(50, () => boardPage(null, slug))],
    ['last page', await milliseconds(50, () => boardPage(null, slug, 'public', wholeBoard, { page: 10_000 }))],
    ['searched and sorted', await milliseconds(50, () => boardPage(null, slug, 'public', ask))],
    ['after a change, with the change', await milliseconds(5, async () => { await change(); await boardPage(null, slug); })],
  ];
  for (const [what, took] of lines) console.log(`${what.padEnd(34)}${took.toFixed(2).padStart(9)} ms`);
}

/** Requests per second, so many under way at once. Throws an Error when one is answered otherwise than by the page. */
async function rate(url: string): Promise<number> {
  const until = performance.now() + 1000 * Number(options.seconds);
  let done = 0;
  const ask = async () => {
    while (performance.now() < until) {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`);
      done++;
    }
  };
  await Promise.all(Array.from({ length: Number(options.at) }, ask));
  return done / Number(options.seconds);
}

/** In turns, so that whatever else the machine does falls on both alike. */
async function compare(site: string, slug: string): Promise<void> {
  const pages = { 'bare page (announcements, none made)': `/challenges/${slug}/announcements`, 'board, 50 rows': `/challenges/${slug}` };
  const found = Object.keys(pages).map((): number[] => []);
  for (const path of Object.values(pages)) for (let i = 0; i < 20; i++) await fetch(site + path).then((response) => response.arrayBuffer());
  for (let round = 0; round < 3; round++) for (const [i, path] of Object.values(pages).entries()) found[i].push(await rate(site + path));
  const middle = found.map((rates) => rates.sort((a, b) => a - b)[1]);
  Object.keys(pages).forEach((what, i) => console.log(`${what.padEnd(38)}${middle[i].toFixed(1).padStart(8)} requests/s`));
  const ratio = middle[1] / middle[0];
  console.log(`The board reaches ${ratio.toFixed(2)} of a bare page; ${goal} is the goal${ratio >= goal ? '' : ', and is missed'}.`);
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gauntlet-board-'));
  await chmod(folder, 0o711);
  const server = await startEmbedded(join(folder, 'postgres'), { fsync: 'off', synchronous_commit: 'off' });
  try {
    await migrate(server.url);
    connect(server.url);
    console.error(`Making a board of ${options.rows} ...`);
    const slug = await seedCrowd(Number(options.rows));
    await database().execute(sql`vacuum analyze`);
    console.log(`${options.rows} rows; ${cpus()[0].model}, ${cpus().length} processors, Node ${process.versions.node}, load average ${loadavg()[0].toFixed(1)}`);
    await readings(slug);
    if (options.data) return;
    const web = await startWeb(server.url, () => ({ NEXTAUTH_SECRET: 'a secret of the benchmark, long enough', LOG_LEVEL: 'error' }));
    await compare(web.url, slug).finally(web.stop);
  } finally {
    await disconnect();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
