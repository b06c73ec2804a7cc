// `npm run bench`: images per second of inference and of PGD gradients on one thread, with PyTorch beside us in the same rounds.
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { measure, type Measured, type Pictures } from './measure.ts';
import { openPeak } from './peak.ts';
import { findPython, Peer, settings, type Setting } from './peer.ts';
import { subjects } from './subjects.ts';
import { peakOf, table } from './table.ts';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    seconds: { type: 'string', default: '0.3' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const timing = { seconds: Number(options.seconds), rounds: Number(options.rounds) };
if (!(timing.seconds > 0) || !Number.isInteger(timing.rounds) || timing.rounds < 1) {
  throw new Error(`--seconds wants a positive number and --rounds a count from 1; found ${options.seconds} and ${options.rounds}.`);
}

async function pictures(): Promise<Pictures> {
  const { test } = await loadFashionMnist(await findFashionMnist({ log: console.error }));
  const count = 1000;
  return { x: Float32Array.from(test.images.subarray(0, count * 784), (value) => value / 255), labels: test.labels.slice(0, count), count };
}

async function main(): Promise<string> {
  const chosen = (await subjects()).filter(({ name }) => !options.only || name.toLowerCase().includes(options.only.toLowerCase()));
  const real = await pictures();
  const named = options.python ?? process.env.PYTHON;
  const python = await findPython(named ? [named] : ['python3', '/usr/bin/python3']);
  const peers = new Map<Setting, Peer>();
  let torch = '';
  try {
    if (python) for (const setting of Object.keys(settings) as Setting[]) peers.set(setting, new Peer(python, setting));
    for (const peer of peers.values()) torch = await peer.images(real.x, real.labels);
    const players = { peers, peak: await openPeak(), pictures: real };
    const all: Measured[] = [];
    for (const subject of chosen) {
      console.error(`${subject.name} ...`);
      const own = await measure(subject, undefined, players, timing);
      // Batch 32 is what the engine's notes compare at.
      all.push(...(own.batch === 32 ? [] : [await measure(subject, 32, players, timing)]), own);
    }
    // A path of this machine would tell a reader nothing.
    const words = process.argv.slice(2).filter((word) => word !== '--write').map((word) => (word === options.python ? 'PATH' : word));
    const versus = python ? `PyTorch ${torch}` : 'no PyTorch found (`--python PATH` or PYTHON names one), so our figures stand alone';
    return [
      `${new Date().toISOString().slice(0, 10)}, \`${['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' ')}\`.`,
      `${cpus()[0].model}, ${cpus().length} processors, one thread each; Node ${process.versions.node}, ${all[0].engine}; ${versus}.`,
      `Matrix product peak in these rounds: ${peakOf(all).toFixed(0)} GFLOP/s. Medians of ${timing.rounds} rounds of ${timing.seconds} s.`,
      '', table(all, peers.size > 0), '',
    ].join('\n');
  } finally {
    for (const peer of peers.values()) peer.close();
  }
}

/** Puts the report between the marks of docs/BENCHMARKS.md; the prose around them is written by people. */
async function write(report: string): Promise<void> {
  const file = fileURLToPath(new URL('../../docs/BENCHMARKS.md', import.meta.url));
  const [before, , after] = (await readFile(file, 'utf8')).split(/^<!-- bench -->$|^<!-- end of bench -->$/m);
  if (after === undefined) throw new Error(`${file} wants the lines <!-- bench --> and <!-- end of bench --> around the figures.`);
  await writeFile(file, `${before}<!-- bench -->\n\n${report}\n<!-- end of bench -->${after}`);
}

const report = await main();
console.log(report);
if (options.write) await write(report);
