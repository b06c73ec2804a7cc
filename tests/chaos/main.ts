// `npm run chaos`: kills a child, a worker, the site and Postgres at random moments under students who go on working, and checks the promises.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { quantile } from 'd3-array';
import { outliveDatabase } from '../../lib/db/client.ts';
import { messageOf } from '../../lib/errors.ts';
import { limits } from '../../lib/limits.ts';
import { writePart } from '../bench/document.ts';
import { chaos, type Chaos, type Kill } from './rounds.ts';
import { victims, type Lease } from './system.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    students: { type: 'string', default: '8' },
    /** Of the production's lease and heartbeat, so that the rounds are short. */
    scale: { type: 'string', default: '0.3' },
    write: { type: 'boolean', default: false },
  },
});
const [rounds, students, scale] = [options.rounds, options.students, options.scale].map(Number);
if (![rounds, students].every((count) => Number.isInteger(count) && count > 0)) throw new Error('--rounds and --students want counts from 1.');
const lease: Lease = { heartbeatSeconds: limits.heartbeatSeconds * scale, silenceSeconds: limits.workerSilenceSeconds * scale };
/** What is promised of a kill, in seconds. */
const minute = 60;

const tenths = (seconds: number) => seconds.toFixed(1);

function delays(kills: readonly Kill[], which: string): string {
  const seconds = kills.map((kill) => kill.seconds);
  const at = (share: number) => tenths(quantile(seconds, share) ?? 0);
  return `| ${which} | ${kills.length} | ${kills.filter(({ working }) => working).length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} |`;
}

function report({ kills, ledger, checked, shardSeconds }: Chaos, minutes: number): string {
  const total = kills.reduce((sum, { seconds }) => sum + seconds, 0);
  const most = kills.length * (lease.silenceSeconds + shardSeconds);
  const within = kills.every(({ seconds }) => seconds <= minute);
  return `\`npm run chaos -- --rounds ${rounds} --seed ${options.seed}\`, ${new Date().toISOString().slice(0, 10)}: ${kills.length} kills in
${minutes.toFixed(0)} minutes (${cpus().length} processors, load average ${loadavg()[1].toFixed(1)}), a lease of ${tenths(lease.silenceSeconds)} s instead of ${limits.workerSilenceSeconds} s,
${students} students, ${ledger.submissions.length} submissions, ${ledger.retries} requests sent again.

| killed with SIGKILL | times | while it worked | goes on after, s: p50 | p99 | longest |
|---|---:|---:|---:|---:|---:|
${[...victims.map((victim) => delays(kills.filter((kill) => kill.victim === victim), victim)), delays(kills, 'all')].join('\n')}

${within ? 'Every kill was followed by work within the minute' : `**Not every kill was followed by work within ${minute} s**`}; the delays together are ${tenths(total)} s, ${(total / most).toFixed(2)} of kills x (lease + one shard)
= ${tenths(most)} s.

| promise | tried | broken |
|---|---:|---:|
${checked.map(({ promise, times, broken }) => `| ${promise} | ${times} | ${broken.length} |`).join('\n')}`;
}

const failed = ({ kills, checked }: Chaos) => checked.some(({ broken }) => broken.length > 0) || kills.some(({ seconds }) => seconds > minute);

async function main(): Promise<void> {
  outliveDatabase((error) => {
    console.error(error);
    process.exit(1);
  });
  const began = performance.now();
  const found = await chaos({
    seed: options.seed, rounds, students, lease, models: 3,
    say: (round, { victim, working, seconds }) =>
      console.error(`${String(round).padStart(4)} ${victim.padEnd(9)}${working ? 'at work' : 'idle   '} ${tenths(seconds).padStart(6)} s`),
  });
  const text = report(found, (performance.now() - began) / 60_000);
  console.log(text);
  for (const { broken } of found.checked) for (const one of broken) console.error(one);
  if (options.write) await writePart('reliability', 'chaos', text);
  process.exit(failed(found) ? 1 : 0);
}

await main().catch((error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
