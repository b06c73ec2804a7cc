// `npm run bench:pages`: times every page of the built site as a student and as an instructor of a simulated class, and writes docs/pages.md.
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { and, desc, eq, like, sql } from 'drizzle-orm';
import { hashPassword } from '../../lib/auth/password.ts';
import { freePort, root, startNode, stopNode } from '../../lib/bootstrap/processes.ts';
import { database, databaseUrl, disconnect } from '../../lib/db/client.ts';
import { challenges, members, ranks, reevaluations, submissions, users } from '../../lib/db/schema.ts';
import { messageOf } from '../../lib/errors.ts';
import { processorOf } from './pages/processor.ts';
import { routesOf, type Samples } from './pages/routes.ts';
import { time, visitorOf, type Timing, type Visitor } from './pages/visit.ts';

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

type Subject = { slug: string; title: string; students: number; submissions: number; samples: Samples; accounts: Record<'student' | 'instructor', string> };

/** The class in the database: its best student and an instructor, whose passwords become `password`. */
async function subject(password: string): Promise<Subject> {
  const db = database();
  const [challenge] = await db.select().from(challenges).where(like(challenges.slug, 'class-%')).orderBy(desc(challenges.createdAt)).limit(1);
  if (!challenge) throw new Error('There is no simulated class in this database. Make one: npm run seed:class');
  const [best] = await db
    .select({ id: submissions.id, userId: submissions.userId, email: users.email })
    .from(ranks)
    .innerJoin(submissions, eq(submissions.id, ranks.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(and(eq(submissions.challengeId, challenge.id), eq(submissions.baseline, false)))
    .orderBy(ranks.position)
    .limit(1);
  const [staff] = await db
    .select({ email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.challengeId, challenge.id), eq(members.role, 'instructor')));
  const [run] = await db.select({ id: reevaluations.id }).from(reevaluations).limit(1);
  const accounts = { student: best.email, instructor: staff.email };
  const passwordHash = await hashPassword(password);
  for (const email of Object.values(accounts)) await db.update(users).set({ passwordHash }).where(and(eq(users.email, email), like(users.email, '%@class.test')));
  return {
    slug: challenge.slug, title: challenge.title, accounts,
    students: await db.$count(members, and(eq(members.challengeId, challenge.id), eq(members.role, 'student'))),
    submissions: await db.$count(submissions, eq(submissions.challengeId, challenge.id)),
    samples: { slug: challenge.slug, 'submissions/id': best.id, userId: best.userId, 'administration/id': best.userId, 'reevaluations/id': run?.id },
  };
}

async function startSite(): Promise<{ url: string; pid: number; stop: () => Promise<void> }> {
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}`;
  const site = startNode('site', [join(root, 'node_modules/next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', String(port)], {
    NODE_ENV: 'production', DATABASE_URL: databaseUrl(), NEXTAUTH_URL: url, NEXTAUTH_SECRET: randomBytes(32).toString('hex'), LOG_LEVEL: 'error',
  });
  const stop = () => stopNode(site, 10);
  for (let waited = 0; waited < 60_000; waited += 200) {
    if (await fetch(`${url}/login`).then(({ ok }) => ok, () => false)) return { url, pid: site.child.pid!, stop };
    if (site.child.exitCode !== null) break;
    await sleep(200);
  }
  await stop();
  throw new Error('The site did not start. It must be built: npm run build');
}

type Row = { address: string } & Record<'student' | 'instructor', Timing>;

async function measure({ samples, accounts }: Subject, password: string): Promise<{ rows: Row[]; missing: string[] }> {
  const site = await startSite();
  try {
    const who = async (role: 'student' | 'instructor'): Promise<Visitor> => visitorOf(site.url, { email: accounts[role], password });
    const [student, instructor] = [await who('student'), await who('instructor')];
    const { routes, missing } = routesOf(samples);
    const rows: Row[] = [];
    for (const { address } of routes.filter((one) => one.address.includes(options.only))) {
      const of = (visitor: Visitor) => time(visitor, address, Number(options.times), () => processorOf(site.pid));
      rows.push({ address, student: await of(student), instructor: await of(instructor) });
      console.error(line(rows.at(-1)!, samples));
    }
    return { rows, missing };
  } finally {
    await site.stop();
  }
}

/** Ids stand as their parameters' names, so that two runs can be compared. */
function named(address: string, samples: Samples): string {
  return Object.entries(samples).reduce((text, [name, value]) => (value ? text.replace(value, `[${name.split('/').at(-1)}]`) : text), address);
}

function cellOf({ status, median, p95, processor, kilobytes }: Timing): string {
  return status === 200 ? `${median.toFixed(0)} | ${p95.toFixed(0)} | ${processor?.toFixed(0) ?? '–'} | ${kilobytes.toFixed(0)}` : `${status} | | | `;
}

const line = ({ address, student, instructor }: Row, samples: Samples) =>
  `| \`${named(address, samples)}\` | ${cellOf(student)} | ${cellOf(instructor)} |`;

function page(found: Subject, { rows, missing }: { rows: Row[]; missing: string[] }, size: string, load: number): string {
  const slow = rows.filter(({ student, instructor }) => Math.max(...[student, instructor].map(({ status, median }) => (status === 200 ? median : 0))) > goal);
  const verdict = slow.length === 0 ? `Every page stays below the goal of ${goal} ms.` : `Above the goal of ${goal} ms: ${slow.map(({ address }) => `\`${named(address, found.samples)}\``).join(', ')}.`;
  return `# How long pages take

\`npm run bench:pages -- --write\` makes this page: it starts the built site on a database with a simulated class
(\`npm run seed:class\`), signs in as the student who leads the board and as an instructor, and asks for every page of \`app/\`
${options.times} times after ${3} to warm it. Times are from the request to the last byte, on the same machine, one request after another.

${new Date().toISOString().slice(0, 10)}: ${found.title}, ${found.students} students, ${found.submissions} submissions, a database of ${size};
${cpus()[0].model}, ${cpus().length} processors, Node ${process.versions.node}; load average before ${load.toFixed(1)}, after ${loadavg()[0].toFixed(1)}.
${verdict}

Milliseconds: the median and the 95th percentile of the time, and the mean of the processor time that site and database took for
it, which a busy machine does not stretch; and kilobytes, uncompressed. A number alone is the status of a page that this person may
not see or that leads elsewhere.

| page | student, median | p95 | processor | kB | instructor, median | p95 | processor | kB |
|---|---|---|---|---|---|---|---|---|
${rows.map((row) => line(row, found.samples)).join('\n')}
${missing.length > 0 ? `\nNot measured, since the class has nothing to show there: ${missing.map((one) => `\`${one}\``).join(', ')}.\n` : ''}`;
}

async function main(): Promise<void> {
  const password = randomBytes(12).toString('base64url');
  const load = loadavg()[0];
  const found = await subject(password);
  const [{ size }] = await database().execute<{ size: string }>(sql`select pg_size_pretty(pg_database_size(current_database())) as size`);
  await database().execute(sql`vacuum analyze`);
  const measured = await measure(found, password);
  if (options.write) await writeFile(join(root, 'docs/pages.md'), page(found, measured, size, load));
  const slow = measured.rows.filter(({ student, instructor }) => [student, instructor].some(({ status, median }) => status === 200 && median > goal));
  console.error(slow.length === 0 ? `Every page stays below ${goal} ms.` : `${slow.length} pages take longer than ${goal} ms.`);
}

main()
  .catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  })
  .finally(disconnect);
