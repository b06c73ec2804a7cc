// Times one model, in rounds that alternate between us, every PyTorch there is and the machine's peak, on one core or several.
import { openEngine } from '../../lib/engines/open.ts';
import { costOf } from '../../lib/onnx/cost.ts';
import { uniform } from '../models.ts';
import type { Peer } from './peer.ts';
import type { Pictures } from './pictures.ts';
import type { Kind, Player } from './player.ts';
import type { Subject } from './subjects.ts';

/** As many processes of each side as there are cores to measure, one thread each; PyTorch by what the table calls it. */
export type Sides = { ours: readonly Player[]; peers: ReadonlyMap<string, readonly Peer[]> };
export type Timing = { rounds: number; seconds: number };

/** Rates of each round, of all cores together: images per second of processor time; `peak` in floating-point operations per second of it. */
export type Round = { ours: number; peak: number; peers: Record<string, number> };
export type Measured = {
  name: string;
  engine: string;
  batch: number;
  cores: number;
  /** Operations of one inference; with the input gradient twice as many, since weights get no gradient. */
  flopsPerImage: number;
  inference: Round[];
  gradients: Round[];
};

const kinds = ['inference', 'gradients'] as const;

/** Throws when our pullback and PyTorch's differ by more than rounding: a ratio of different functions would say nothing. */
export async function agree({ name, model }: Subject, peers: readonly Peer[], { x }: Pictures): Promise<void> {
  const engine = await openEngine(model);
  const cotangent = uniform(7, 80);
  const rows = { x: { data: x.subarray(0, 8 * 784), shape: [8, 784] }, image: new Uint32Array(8), draw: { role: 'attack', restart: 0, step: 0 } as const };
  const ours = (await engine.pullback!(rows, { data: cotangent, shape: [8, 10] })).dx.data;
  await engine.close();
  for (const peer of peers) {
    const theirs = await peer.pullback(cotangent);
    const off = Math.hypot(...ours.map((value, i) => value - theirs[i])) / Math.hypot(...theirs);
    if (!(off < 1e-3)) throw new Error(`${name}: our gradient is off PyTorch's by ${off.toExponential(1)} of its length.`);
  }
}

/** The sum over processes that work side by side. */
async function together<T>(processes: readonly T[], work: (one: T) => Promise<number>): Promise<number> {
  return (await Promise.all(processes.map(work))).reduce((sum, rate) => sum + rate, 0);
}

async function round(kind: Kind, batch: number, { ours, peers }: Sides, seconds: number): Promise<Round> {
  const found: Round = {
    ours: await together(ours, (player) => player.rate(kind, seconds)),
    peak: await together(ours, (player) => player.peak(seconds / 4)),
    peers: {},
  };
  for (const [name, processes] of peers) found.peers[name] = await together(processes, (peer) => peer.rate(kind, batch, seconds));
  return found;
}

/** Opens the subject in every process, at the given batch size or at the engine's own, and times it on all of them at once. */
export async function measure(subject: Subject, wanted: number | undefined, sides: Sides, timing: Timing): Promise<Measured> {
  const opened = await Promise.all(sides.ours.map((player) => player.open(subject.model, wanted)));
  const { engine, batch } = opened[0];
  const cores = sides.ours.length;
  const { flopsPerImage } = costOf(subject.model.graph);
  const measured: Measured = { name: subject.name, engine, batch, cores, flopsPerImage, inference: [], gradients: [] };
  for (const kind of kinds) {
    // The first round warms caches, allocators and the compiler of JavaScript up, and is dropped.
    await round(kind, batch, sides, timing.seconds / 4);
    for (let number = 0; number < timing.rounds; number++) measured[kind].push(await round(kind, batch, sides, timing.seconds));
  }
  return measured;
}
