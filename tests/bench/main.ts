// `npm run bench`: images per second of inference and of PGD gradients on one core and on all, with PyTorch beside us in the same rounds.
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { agree, measure, type Measured, type Sides } from './measure.ts';
import { findPython, Peer, settings, type Setting } from './peer.ts';
import { pictures } from './pictures.ts';
import { startPlayer } from './player-process.ts';
import { subjects } from './subjects.ts';
import { peakOf, table } from './table.ts';
import { whole, wholeTable } from './whole.ts';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string' },
    newest: { type: 'string', default: process.env.NEWEST_PYTHON },
    seconds: { type: 'string', default: '0.3' },
    rounds: { type: 'string', default: '5' },
    cores: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    share: { type: 'string', default: '10' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

function counted(name: 'rounds' | 'cores' | 'share', least: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${name} wants a whole number from ${least}; found ${options[name]}.`);
}

const timing = { seconds: Number(options.seconds), rounds: counted('rounds', 1) };
if (!(timing.seconds > 0)) throw new Error(`--seconds wants a positive number; found ${options.seconds}.`);
const cores = counted('cores', 1);
const share = counted('share', 0);

/** Every PyTorch to measure: what the table calls it, its Python, its setting. The newest only as it is at its best. */
async function rivals(): Promise<{ name: string; python: string; setting: Setting }[]> {
  const named = options.python ?? process.env.PYTHON;
  const python = await findPython(named ? [named] : ['python3', '/usr/bin/python3']);
  const newest = options.newest ? await findPython([options.newest]) : null;
  if (options.newest && !newest) throw new Error(`--newest wants a Python with PyTorch; ${options.newest} has none.`);
  const common = python ? (Object.keys(settings) as Setting[]).map((setting) => ({ name: setting as string, python, setting })) : [];
  return [...common, ...(newest ? [{ name: 'newest, tuned', python: newest, setting: 'tuned' as const }] : [])];
}

/** The first `count` processes of each side. */
function first(count: number, { ours, peers }: Sides): Sides {
  return { ours: ours.slice(0, count), peers: new Map([...peers].map(([name, list]) => [name, list.slice(0, count)])) };
}

async function wholeProtocol(python: string | undefined): Promise<string[]> {
  if (!python || share === 0 || options.only) return [];
  console.error('The whole protocol ...');
  try {
    const { found, trials } = await whole(python, share);
    const what = share === 1 ? 'on all its images' : `on one image in ${share}`;
    return ['', `The ${trials} trials of \`gauntlet-v1\` that the script knows, ${what}, reference CNN, one thread:`, '', wholeTable(found)];
  } catch (error) {
    const why = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return ['', `The whole protocol was not compared: the script did not run (${why}).`];
  }
}

async function main(): Promise<string> {
  const chosen = (await subjects()).filter(({ name }) => !options.only || name.toLowerCase().includes(options.only.toLowerCase()));
  if (chosen.length === 0) throw new Error(`No model of the bench is called "${options.only}".`);
  const real = await pictures();
  const before = loadavg()[0];
  const rival = await rivals();
  const peers = new Map(rival.map(({ name, python, setting }) => [name, Array.from({ length: cores }, () => new Peer(python, setting))]));
  const sides = { ours: Array.from({ length: cores }, startPlayer), peers };
  const everyone = [...peers.values()].flat();
  const versions = new Set<string>();
  try {
    for (const peer of everyone) versions.add(await peer.images(real.x, real.labels));
    const all: Measured[] = [];
    for (const subject of chosen) {
      console.error(`${subject.name} ...`);
      for (const peer of everyone) await peer.load(subject.original);
      await agree(subject, everyone, real);
      for (const count of new Set([1, cores])) all.push(await measure(subject, undefined, first(count, sides), timing));
    }
    // Paths of this machine would tell a reader nothing.
    const words = process.argv.slice(2).filter((word) => word !== '--write').map((word) => (/^\/|^~/.test(word) ? 'PATH' : word));
    const versus = versions.size > 0 ? `PyTorch ${[...versions].join(' and ')}` : 'no PyTorch found (`--python PATH` or PYTHON names one), so our figures stand alone';
    const peaks = [...new Set([1, cores])].map((count) => `${peakOf(all, count).toFixed(0)} GFLOP/s on ${count}`).join(', ');
    return [
      `${new Date().toISOString().slice(0, 10)}, \`${['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' ')}\`.`,
      `${cpus()[0].model}, ${cpus().length} processors, one thread a process, batches of ${[...new Set(all.map(({ batch }) => batch))].join(' and ')};`,
      `Node ${process.versions.node}, ${all[0].engine}; ${versus}. Load average before ${before.toFixed(1)}, after ${loadavg()[0].toFixed(1)}.`,
      `Matrix product peak in these rounds: ${peaks}. Medians of ${timing.rounds} rounds of ${timing.seconds} s.`,
      '', table(all, [...peers.keys()]), ...(await wholeProtocol(rival[0]?.python)), '',
    ].join('\n');
  } finally {
    for (const peer of everyone) peer.close();
    for (const player of sides.ours) await player.close();
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
