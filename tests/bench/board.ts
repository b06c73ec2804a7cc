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
import { cookieOf } from '../authorisation/world.ts';
import { startWeb, type Web } from '../e2e/bare-site.ts';
import { seedCrowd } from './board/crowd.ts';
import { compare, herd, visitorAt, type Compared } from './board/rates.ts';
import { writePart } from './document.ts';
import { processorOf } from './pages/processor.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000' },
    /** Of one turn, and turns of each page. */
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '12' },
    /** Requests under way at once. */
    at: { type: 'string', default: '8' },
    /** Only what the page is made of, without a site. */
    data: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
/** Of a bare page's requests per second: the least that the board is to reach. */
const goal = 0.8;
/** Who look at one board at one moment. */
const viewers = 100;
/** Sealed with it here and by the site. */
const secret = (process.env.NEXTAUTH_SECRET ??= 'a secret of the benchmark, long enough');

/** Of one row, so that the board is another. */
const change = () => database().execute(sql`update submissions set late = not late where id = (select id from submissions order by id limit 1)`);

async function milliseconds(times: number, act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  for (let i = 0; i < times; i++) await act();
  return (performance.now() - begun) / times;
}

/** Reading for a page: the first time, again, after a change of one row, and searched and sorted. */
async function readings(slug: string): Promise<void> {
  const ask = { ...wholeBoard, search: 'model 49', sort: { key: 'robust', descending: true } } as const;
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

type Seen = { who: string; compared: Compared };
type Crowd = { bare: { middle: number; last: number }; board: { middle: number; last: number } };

/** As visitors, and as the students whose own rows are on the page, in turn: each sees a table that nobody else does. */
async function rates(site: Web, slug: string): Promise<{ seen: Seen[]; crowd: Crowd }> {
  const students = await database().execute<{ id: string }>(sql`select s.user_id as id from ranks r join submissions s on s.id = r.submission_id order by r.position limit 50`);
  const cookies = await Promise.all(students.map((one) => cookieOf(one, secret)));
  const paths = [`/challenges/${slug}/announcements`, `/challenges/${slug}`] as const;
  const settings = { seconds: Number(options.seconds), rounds: Number(options.rounds), at: Number(options.at), processor: () => processorOf(site.pid) };
  const seen: Seen[] = [];
  for (const [who, theirs] of [['visitors', []], ['50 students', cookies]] as const) {
    const ask = visitorAt(site.url, settings.at, theirs);
    // A table is made when it is first asked for, or again after a change, which is measured below.
    for (const path of paths) for (let i = 0; i < theirs.length; i++) await ask(path);
    seen.push({ who, compared: await compare(ask, ...paths, settings) });
    ask.leave();
    console.log(lineOf(seen.at(-1)!));
  }
  const ask = visitorAt(site.url, viewers);
  const crowds: Crowd[] = [];
  for (let round = 0; round < 5; round++) {
    const bare = await herd(ask, paths[0], viewers);
    await change();
    crowds.push({ bare, board: await herd(ask, paths[1], viewers) });
  }
  ask.leave();
  // The round whose last viewer waited for as long as in most.
  return { seen, crowd: crowds.sort((a, b) => a.board.last / a.bare.last - b.board.last / b.bare.last)[2] };
}

const lineOf = ({ who, compared: { bare, board, processor, ratio } }: Seen) =>
  `| ${who} | ${bare.toFixed(1)} | ${board.toFixed(1)} | **${ratio.middle.toFixed(2)}** | ${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)} | ${
    processor ? `${processor.bare.toFixed(1)} and ${processor.board.toFixed(1)}` : '–'
  } |`;

function part(seen: readonly Seen[], { bare, board }: Crowd, load: number): string {
  const least = Math.min(...seen.map(({ compared }) => compared.ratio.middle));
  return `\`npm run bench:board -- --write\` makes this part: the built site on a board of ${options.rows} rows, of which a page shows 50; a bare dynamic page of
the same server (announcements, none made) and the board in turns of ${options.seconds} s, ${options.rounds} of each, ${options.at} requests under way at once, compressed, as a
browser asks, once everybody has looked before. The 50 students have their rows on the page, and each a table that is nobody else's.
Ratios are of neighbouring turns: the median, and the tenths at both ends.

${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} processors, Node ${process.versions.node}; load average before ${load.toFixed(1)}, after ${loadavg()[0].toFixed(1)}.
The board reaches ${least.toFixed(2)} of the bare page; the goal is ${goal}${least >= goal ? '.' : ', and is missed.'}

| seen by | bare page, requests/s | board, requests/s | ratio | tenths | ms of processor a request, site and database |
|---|---|---|---|---|---|
${seen.map(lineOf).join('\n')}

A row of the board changes, and ${viewers} viewers ask for it at once: half have their first byte after ${board.middle.toFixed(0)} ms and the last after
${board.last.toFixed(0)} ms, which is ${(board.last / bare.last).toFixed(2)} times what ${viewers} at once wait for the bare page (${bare.middle.toFixed(0)} and ${bare.last.toFixed(0)} ms); the median of five rounds.
`;
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
    const load = loadavg()[0];
    const web = await startWeb(server.url, () => ({ NEXTAUTH_SECRET: secret, LOG_LEVEL: 'error' }));
    const { seen, crowd } = await rates(web, slug).finally(web.stop);
    const text = part(seen, crowd, load);
    console.log(text);
    if (options.write) await writePart('reliability', 'board', text);
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
