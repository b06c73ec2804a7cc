// `npm run bench:machines`: the same code on several machines, one queue for 1, 2 and 4 workers, and 50 workers against one Postgres.
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '../../lib/errors.ts';
import { protocols, type ProtocolName } from '../../lib/evaluation/protocols.ts';
import { writePart } from './document.ts';
import { separatePart } from './machines/separate.ts';
import { stubsPart } from './machines/stubs.ts';
import { workersPart } from './machines/workers.ts';

const { values: options } = parseArgs({
  options: {
    /** Only this part: separate, workers or stubs. */
    only: { type: 'string' },
    /** Submissions that wait while machines come and go. */
    submissions: { type: 'string', default: '6' },
    /** Images of each of their attacks. */
    images: { type: 'string', default: '1500' },
    /** Instead of network namespaces. */
    processes: { type: 'boolean', default: false },
    /** Evaluations in each measurement with stub workers, and how many of these. */
    evaluations: { type: 'string', default: '2' },
    stubs: { type: 'string', default: '1,5,10,25,50' },
    /** What is evaluated by 1, 2 and 4 workers and by stubs; `quick` tries whether all of it runs. */
    protocol: { type: 'string', default: 'gauntlet-v1' },
    write: { type: 'boolean', default: false },
  },
});

const protocol = options.protocol as ProtocolName;
if (!(protocol in protocols)) throw new Error(`--protocol ${protocol}: there are ${Object.keys(protocols).join(', ')}.`);
const say = (text: string) => console.error(text);
const parts: Record<string, { title: string; run: () => Promise<string> }> = {
  separate: {
    title: 'Separate machines',
    run: () => separatePart(
      { outageSeconds: 20, submissions: Number(options.submissions), images: Number(options.images), asProcesses: options.processes }, say,
    ),
  },
  workers: { title: '1, 2 and 4 workers', run: () => workersPart({ protocol, levels: [1, 2, 4], submissions: 3 }, say) },
  stubs: {
    title: '50 workers, one Postgres',
    run: () => stubsPart(
      { protocol, evaluations: Number(options.evaluations), levels: options.stubs.split(',').map(Number), delays: [50, 200] }, say,
    ),
  },
};

async function main(): Promise<void> {
  const chosen = Object.entries(parts).filter(([name]) => !options.only || options.only === name);
  if (chosen.length === 0) throw new Error(`--only ${options.only}: there are ${Object.keys(parts).join(', ')}.`);
  if (options.only && options.write) throw new Error('--write writes all parts at once: leave --only out.');
  const before = loadavg()[0];
  const found: string[] = [];
  for (const [, { title, run }] of chosen) {
    const begun = performance.now();
    found.push(`**${title}**\n\n${await run()}`);
    say(`${title}: ${((performance.now() - begun) / 60_000).toFixed(1)} min`);
  }
  const text = `\`npm run bench:machines -- --write\`, ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model}, ${cpus().length} processors, Node
${process.versions.node}; load average before ${before.toFixed(1)}.

${found.join('\n\n')}`;
  console.log(text);
  if (options.write) await writePart('reliability', 'machines', text);
}

main().then(() => process.exit(0), (error: unknown) => {
  console.error(messageOf(error));
  process.exit(1);
});
