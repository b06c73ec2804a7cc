// One side of the bench: opens a subject on one thread, and runs it or the machine's peak for a while.
import { pgd } from '../../lib/attacks/pgd.ts';
import type { Engine } from '../../lib/engines/engine.ts';
import { openEngine } from '../../lib/engines/open.ts';
import type { Model } from '../../lib/onnx/graph.ts';
import { processorClock } from './clock.ts';
import { openPeak } from './peak.ts';
import type { Pictures } from './pictures.ts';

export type Kind = 'inference' | 'gradients';

export type Player = {
  /** Opens a model in place of the last one, at a batch size or at the engine's own. */
  open(model: Model, batchSize?: number): Promise<{ engine: string; batch: number }>;
  /** Images per second of processor time over at least `seconds`. */
  rate(kind: Kind, seconds: number): Promise<number>;
  /** Floating-point operations per second of processor time. */
  peak(seconds: number): Promise<number>;
  close(): Promise<void>;
};

const attack = { norm: 'linf', epsilon: 0.1, stepSize: 0.025, steps: 10, count: 'last', randomStart: false } as const;
const never = (): never => {
  throw new Error('PGD without a random start draws nothing, and asks nobody.');
};
const sources = { startKey: never, squareKey: never, reference: never };

function rowsAt({ x }: Pictures, at: number, batch: number) {
  return {
    x: { data: x.subarray(at * 784, (at + batch) * 784), shape: [batch, 784] },
    image: Uint32Array.from({ length: batch }, (_, row) => 60_000 + at + row),
  };
}

async function rate(engine: Engine, kind: Kind, pictures: Pictures, seconds: number): Promise<number> {
  const batch = engine.info.batchSize;
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
      await pgd(engine, { ...rows, labels, restart: 0, ...sources }, attack);
      done += batch * attack.steps;
    }
    at = at + 2 * batch <= pictures.count ? at + batch : 0;
    const elapsed = elapsedSince();
    if (elapsed >= seconds) return done / elapsed;
  }
}

/** A player in this process. */
export async function openPlayer(pictures: Pictures): Promise<Player> {
  const peak = await openPeak();
  let engine: Engine | undefined;
  return {
    async open(model, batchSize) {
      await engine?.close();
      engine = await openEngine(model, { threads: 1, batchSize });
      return { engine: engine.info.engine, batch: engine.info.batchSize };
    },
    rate: (kind, seconds) => rate(engine!, kind, pictures, seconds),
    peak,
    close: async () => engine?.close(),
  };
}
