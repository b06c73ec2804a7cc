// `npm run seed:class`: fills the database of DATABASE_URL with a simulated class, for looking at pages and timing them.
import { parseArgs } from 'node:util';
import { sql } from 'drizzle-orm';
import { baselines } from '../../lib/baselines/index.ts';
import { database, databaseUrl, disconnect } from '../../lib/db/client.ts';
import { migrate } from '../../lib/db/migrate.ts';
import { messageOf } from '../../lib/errors.ts';
import { protocols, type ProtocolName } from '../../lib/evaluation/protocols.ts';
import type { BaselineFile } from './class/outcomes.ts';
import { seedClass } from './class/seed.ts';

const { values: options } = parseArgs({
  options: {
    students: { type: 'string', default: '300' },
    submissions: { type: 'string', default: '10' },
    protocol: { type: 'string', default: 'gauntlet-v1' },
    seed: { type: 'string', default: '1' },
    /** Submissions left waiting in the queue. */
    waiting: { type: 'string', default: '12' },
    /** Files of lib/baselines that students' models are mixed from, separated by commas. */
    models: { type: 'string', default: baselines.map(({ file }) => file).join(',') },
    'into-existing': { type: 'boolean', default: false },
  },
});

function whole(name: 'students' | 'submissions' | 'seed' | 'waiting', least: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} wants a whole number from ${least}; found ${options[name]}.`);
}

async function main(): Promise<void> {
  if (!Object.hasOwn(protocols, options.protocol)) throw new Error(`--protocol wants one of ${Object.keys(protocols).join(', ')}; found ${options.protocol}.`);
  const files = options.models.split(',');
  const unknown = files.find((file) => !baselines.some((one) => one.file === file));
  if (unknown !== undefined) throw new Error(`--models wants files of lib/baselines (${baselines.map(({ file }) => file).join(', ')}); found ${unknown}.`);
  const begun = Date.now();
  await migrate(databaseUrl());
  const seeded = await seedClass({
    students: whole('students', 1), submissions: whole('submissions', 1), seed: whole('seed', 0), waiting: whole('waiting', 0),
    protocol: options.protocol as ProtocolName, models: files as BaselineFile[], intoExisting: options['into-existing'], say: console.error,
  });
  const [{ size }] = await database().execute<{ size: string }>(sql`select pg_size_pretty(pg_database_size(current_database())) as size`);
  console.error(`${seeded.submissions} submissions in ${((Date.now() - begun) / 1000).toFixed(0)} s; the database has ${size}.`);
  console.log(JSON.stringify({ slug: seeded.slug, accounts: seeded.accounts }, null, 2));
}

main()
  .catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  })
  .finally(disconnect);
