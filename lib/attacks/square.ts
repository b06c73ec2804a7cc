// The square attack in L-infinity (Andriushchenko 2020; spec 2.7): random squares at the rim of the ball. Asks for answers only.
import { lossValues } from '../losses.ts';
import { Stream } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import { classesOf, everyVictim, isFooled, rowsAt } from './active.ts';
import type { Attack, Budget } from './attack.ts';
import { linfBox } from './norms.ts';

const side = 28;
const pixels = side * side;
/** Share of the pixels that a first square covers. */
const firstShare = 0.8;
/** Queries after which the share has been halved once more. */
const halvings = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

/** Side of the square of query `query`, from 0: 25, 18, 13, 9, 6, 4, 3, 2, 2, 1. */
export function squareSide(query: number): number {
  const share = firstShare / 2 ** halvings.filter((last) => query > last).length;
  return Math.min(side, Math.max(1, Math.round(Math.sqrt(share * pixels))));
}

/**
 * Starts from vertical stripes of +-epsilon, then tries `queries` squares of +-2 epsilon, cut by the ball, and keeps each that
 * makes the margin smaller. A victim leaves once it is fooled. Every victim has its own stream (purpose `square`).
 */
export const square: Attack<Budget & { queries: number }> = async (engine, victims, { epsilon, queries }) => {
  const { x, labels, image, restart } = victims;
  const count = image.length;
  const { low, high } = linfBox(x, epsilon);
  const key = victims.squareKey();
  const streams = Array.from(image, (each) => new Stream(key, { image: each, restart }));
  const z = x.data.slice();
  const best = new Float64Array(count).fill(Infinity);
  /** What is tried on the active victims, one after another. */
  const tried = new Float32Array(z.length);
  let active = everyVictim(victims);

  /** Sets some pixels of a victim's row at `at` of `tried`, `by` away from what they are, inside the ball. */
  const shift = (victim: number, at: number, by: number, q: number) => {
    const i = victim * pixels + q;
    tried[at + q] = Math.min(Math.max(Math.fround(tried[at + q] + by), low[i]), high[i]);
  };

  const stripes = (victim: number, at: number) => {
    for (let column = 0; column < side; column++) {
      const by = epsilon * streams[victim].sign();
      for (let line = 0; line < side; line++) shift(victim, at, by, line * side + column);
    }
  };

  const patch = (victim: number, at: number, size: number) => {
    const stream = streams[victim];
    const [top, left] = [stream.integer(side - size + 1), stream.integer(side - size + 1)];
    const by = 2 * epsilon * stream.sign();
    for (let line = top; line < top + size; line++) {
      for (let column = left; column < left + size; column++) shift(victim, at, by, line * side + column);
    }
  };

  for (let query = -1; query < queries && active.length > 0; query++) {
    const size = squareSide(query);
    active.forEach((victim, i) => {
      tried.set(z.subarray(victim * pixels, (victim + 1) * pixels), i * pixels);
      if (query < 0) stripes(victim, i * pixels);
      else patch(victim, i * pixels, size);
    });
    const rows: Tensor = { data: tried.subarray(0, active.length * pixels), shape: [active.length, pixels] };
    const logits = await engine.logits(rowsAt(victims, active, rows, query + 1));
    const margins = lossValues('margin', logits, classesOf(labels, active));
    active = active.filter((victim, i) => {
      const fooled = isFooled(logits, i, labels[victim]);
      if (fooled || query < 0 || -margins[i] < best[victim]) {
        z.set(tried.subarray(i * pixels, (i + 1) * pixels), victim * pixels);
        best[victim] = Number.isNaN(margins[i]) ? Infinity : -margins[i];
      }
      return !fooled;
    });
  }
  return { x: { data: z, shape: x.shape }, flat: new Uint8Array(count) };
};
