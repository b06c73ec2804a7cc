// Times one model at one batch size, in rounds that alternate between us, PyTorch's two settings and the machine's peak.
import { pgd } from '../../lib/attacks/pgd.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import { costOf } from '../../lib/onnx/cost.ts';
import { noSources } from '../attacks/linear-engine.ts';
import { uniform } from '../models.ts';
import { processorClock } from './clock.ts';
import type { Peer, Setting } from './peer.ts';
import type { Subject } from './subjects.ts';

export type Pictures = { x: Float32Array; labels: Uint8Array; count: number };
export type Players = { peers: ReadonlyMap<Setting, Peer>; peak: (seconds: number) => Promise<number>; pictures: Pictures };
export type Timing = { rounds: number; seconds: number };

/** Rates of each round in images per second of processor time; `peak` in floating-point operations per second of it. */
export type Round = { ours: number; peak: number; peers: Partial<Record<Setting, number>> };
export type Measured = {
  name: string;
  engine: string;
  batch: number;
  /** Operations of one inference; with the input gradient twice as many, since weights get no gradient. */
  flopsPerImage: number;
  inference: Round[];
  gradients: Round[];
};

const kinds = ['inference', 'gradients'] as const;
const attack = { norm: 'linf', epsilon: 0.1, stepSize: 0.025, steps: 10, count: 'last', randomStart: false } as const;

function rowsAt({ x }: Pictures, at: number, batch: number) {
  return {
    x: { data: x.subarray(at * 784, (at + batch) * 784), shape: [batch, 784] },
    image: Uint32Array.from({ length: batch }, (_, row) => 60_000 + at + row),
  };
}

async function rate(engine: Engine, kind: (typeof kinds)[number], pictures: Pictures, batch: number, seconds: number): Promise<number> {
  let done = 0;
  let at = 0;
  const elapsedSince = processorClock();
  for (;;) {
    const rows = rowsAt(pictures, at, batch);
    if (kind === 'inference') {
      await engine.logits({ ...rows, draw: { role: 'evaluate', restart: 0, step: 0 } });
      done += batch;
    } else {
      const labels = pictures.labels.subarray(at, at + batch);
      await pgd(engine, { ...noSources, ...rows, labels, restart: 0 }, attack);
      done += batch * attack.steps;
    }
    at = at + 2 * batch <= pictures.count ? at + batch : 0;
    const elapsed = elapsedSince();
    if (elapsed >= seconds) return done / elapsed;
  }
}

/** Throws when our pullback and PyTorch's differ by more than rounding: a ratio of different functions would say nothing. */
async function agree(name: string, engine: Engine, peer: Peer, pictures: Pictures): Promise<void> {
  const rows = { ...rowsAt(pictures, 0, 8), draw: { role: 'attack' as const, restart: 0, step: 0 } };
  const cotangent = uniform(7, 80);
  const ours = (await engine.pullback!(rows, { data: cotangent, shape: [8, 10] })).dx.data;
  const theirs = await peer.pullback(cotangent);
  const off = Math.hypot(...ours.map((value, i) => value - theirs[i])) / Math.hypot(...theirs);
  if (!(off < 1e-3)) throw new Error(`${name}: our gradient is off PyTorch's by ${off.toExponential(1)} of its length.`);
}

/** Opens the subject on one thread at the given batch size, or at the engine's own, and times it. */
export async function measure(subject: Subject, wanted: number | undefined, players: Players, timing: Timing): Promise<Measured> {
  const engine = await openEngine(subject.model, { threads: 1, batchSize: wanted });
  const batch = engine.info.batchSize;
  const measured: Measured = {
    name: subject.name, engine: engine.info.engine, batch, flopsPerImage: costOf(subject.model.graph).flopsPerImage,
    inference: [], gradients: [],
  };
  try {
    for (const peer of players.peers.values()) {
      await peer.load(subject.original);
      await agree(subject.name, engine, peer, players.pictures);
    }
    for (const kind of kinds) {
      for (let number = -1; number < timing.rounds; number++) {
        // The first round warms caches, allocators and the compiler of JavaScript up, and is dropped.
        const seconds = number < 0 ? timing.seconds / 4 : timing.seconds;
        const ours = await rate(engine, kind, players.pictures, batch, seconds);
        const round: Round = { ours, peak: await players.peak(seconds / 4), peers: {} };
        for (const [setting, peer] of players.peers) round.peers[setting] = await peer.rate(kind, batch, seconds);
        if (number >= 0) measured[kind].push(round);
      }
    }
  } finally {
    await engine.close();
  }
  return measured;
}
