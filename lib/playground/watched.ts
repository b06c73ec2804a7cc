// An engine that somebody watches: what it is asked and what it answers, run by run, with a pause in which other messages arrive.
import type { Engine, Rows } from '../engines/engine.ts';
import type { Tensor } from '../tensor.ts';

export type Saw = (rows: Rows, logits: Tensor) => void;

/** Thrown inside a run that nobody waits for any more. */
export class Superseded extends Error {
  constructor() {
    super('Something else was asked for meanwhile.');
    this.name = 'Superseded';
  }
}

/** Runs may take this long without a pause, milliseconds: a frame or two. */
const stretch = 30;

/** Lets messages in now and then. Throws Superseded once `isStale` says so. */
export function pauses(isStale: () => boolean): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < stretch) return;
    await new Promise((resolve) => setTimeout(resolve));
    since = performance.now();
    if (isStale()) throw new Superseded();
  };
}

/** The same engine, watched. Steps inside a graph would be seen by nobody, so they are not offered. */
export function watched(engine: Engine, saw: Saw, pause: () => Promise<void>): Engine {
  const { pullback, lossGradient } = engine;
  return {
    info: engine.info,
    close: () => engine.close(),
    async logits(rows) {
      await pause();
      const logits = await engine.logits(rows);
      saw(rows, logits);
      return logits;
    },
    ...(pullback && {
      async pullback(rows, dLogits) {
        await pause();
        const found = await pullback(rows, dLogits);
        saw(rows, found.logits);
        return found;
      },
    }),
    ...(lossGradient && {
      async lossGradient(rows, ...loss) {
        await pause();
        const found = await lossGradient(rows, ...loss);
        saw(rows, found.logits);
        return found;
      },
    }),
  };
}
