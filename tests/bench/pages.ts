// `npm run bench:pages`: times every page of the built site as a student and as an instructor of a simulated class, and writes its part of docs/pages.md.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { database } from '../../lib/db/client.ts';
import { messageOf } from '../../lib/errors.ts';
import type { ClassSite } from '../e2e/class-site.ts';
import { usualClass, withClassSite } from './class/borrowed.ts';
import { writePart } from './document.ts';
import { processorOf } from './pages/processor.ts';
import { time, visitorOf, warming, type Timing, type Visitor } from './pages/visit.ts';

const { values: options } = parseArgs({
  options: {
    times: { type: 'string', default: '20' },
    /** Only addresses with this in them. */
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});
/** Milliseconds that every page is to stay below. */
const goal = 300;

type Row = { said: string } & Record<'student' | 'instructor', Timing>;

async function measure({ url, pid, tours: [{ sights, cookies }] }: ClassSite): Promise<Row[]> {
  const who = (role: 'student' | 'instructor') => visitorOf(url, cookies[role]!);
  const [student, instructor] = [who('student'), who('instructor')];
  const rows: Row[] = [];
  for (const { address, said } of sights.filter((one) => one.address.includes(options.only))) {
    const of = (visitor: Visitor) => time(visitor, address, Number(options.times), () => processorOf(pid));
    rows.push({ said, student: await of(student), instructor: await of(instructor) });
    console.error(line(rows.at(-1)!));
  }
  return rows;
}

function cellOf({ status, median, p95, processor, kilobytes }: Timing): string {
  return status === 200 ? `${median.toFixed(0)} | ${p95.toFixed(0)} | ${processor?.toFixed(0) ?? '–'} | ${kilobytes.toFixed(0)}` : `${status} | | | `;
}

const line = ({ said, student, instructor }: Row) => `| \`${said}\` | ${cellOf(student)} | ${cellOf(instructor)} |`;
const slowest = ({ student, instructor }: Row) => Math.max(...[student, instructor].map(({ status, median }) => (status === 200 ? median : 0)));

function part({ found, tours: [{ missing }] }: ClassSite, rows: Row[], size: string, load: number): string {
  const slow = rows.filter((row) => slowest(row) > goal);
  const verdict = slow.length === 0 ? `Every page stays below the goal of ${goal} ms.` : `Above the goal of ${goal} ms: ${slow.map(({ said }) => `\`${said}\``).join(', ')}.`;
  return `## On the server

\`npm run bench:pages -- --write\` makes this part: it starts the built site on a database with a simulated class (that of
DATABASE_URL, or one made for it), signs in as the student who leads the board and as an instructor, and asks for every page of
\`app/\` ${options.times} times after ${warming} to warm it. Times are from the request to the last byte, on the same machine, one request after another.

${new Date().toISOString().slice(0, 10)}: ${found.title}, ${found.students} students, ${found.submissions} submissions, a database of ${size};
${cpus()[0].model}, ${cpus().length} processors, Node ${process.versions.node}; load average before ${load.toFixed(1)}, after ${loadavg()[0].toFixed(1)}.
${verdict}

Milliseconds: the median and the 95th percentile of the time, and the mean of the processor time that site and database took for
it, which a busy machine does not stretch; and kilobytes, uncompressed. A number alone is the status of a page that this person may
not see or that leads elsewhere.

| page | student, median | p95 | processor | kB | instructor, median | p95 | processor | kB |
|---|---|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}
${missing.length > 0 ? `\nNot measured, since the class has nothing to show there: ${missing.map((one) => `\`${one}\``).join(', ')}.\n` : ''}`;
}

await withClassSite(usualClass, async (site) => {
  const load = loadavg()[0];
  const [{ size }] = await database().execute<{ size: string }>(sql`select pg_size_pretty(pg_database_size(current_database())) as size`);
  await database().execute(sql`vacuum analyze`);
  const rows = await measure(site);
  if (options.write) await writePart('pages', 'server', part(site, rows, size, load));
  const slow = rows.filter((row) => slowest(row) > goal);
  console.error(slow.length === 0 ? `Every page stays below ${goal} ms.` : `${slow.length} pages take longer than ${goal} ms.`);
}).catch((error: unknown) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
