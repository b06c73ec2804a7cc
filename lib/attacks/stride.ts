// Many signed steps inside the engine, cut so that a slow model is still heard of now and then, and rows that are done make room.
import type { Engine, Rows } from '../engines/engine.ts';
import { pickRows, type Tensor } from '../tensor.ts';
import type { Adversarial } from './attack.ts';
import type { Box } from './norms.ts';

/** How long one run of the engine may take: far less than the silence a supervisor takes for a hang. */
const longestRunSeconds = 1;

/** Seconds that a step of one batch took the last time, by engine. Decides where runs are cut, and no result. */
const paces = new WeakMap<Engine, number>();

/** As in the engine's plan of signed steps; `stepSize` is a float32 number. */
export type Stride = { box: Box; stepSize: number; steps: number; untilFooled: boolean };

/** Takes the steps from `start.x`, in place. */
export async function stride(engine: Engine, start: Rows, labels: Uint8Array, plan: Stride): Promise<Adversarial> {
  const { x, image, draw } = start;
  const { box, stepSize, steps, untilFooled } = plan;
  const [count, pixels] = x.shape;
  const [low, high] = [box.low, box.high].map((data): Tensor => ({ data, shape: x.shape }));
  let active = Array.from({ length: count }, (_, row) => row);
  let flat = new Uint8Array(count);
  for (let done = 0; done < steps && active.length > 0; ) {
    const now = Math.min(steps - done, runLength(engine, done, untilFooled && active.length > engine.info.batchSize));
    const some = active;
    const of = (tensor: Tensor) => (some.length === count ? tensor : pickRows(tensor, some));
    const rows = { x: of(x), image: Uint32Array.from(some, (row) => image[row]), draw: { ...draw, step: draw.step + done } };
    const began = performance.now();
    const own = Uint8Array.from(some, (row) => labels[row]);
    const stepped = await engine.signSteps!(rows, own, { low: of(low), high: of(high), stepSize, steps: now, untilFooled });
    paces.set(engine, (performance.now() - began) / 1000 / stepped.taken);
    if (some.length === count) x.data.set(stepped.x.data);
    else some.forEach((row, i) => x.data.set(stepped.x.data.subarray(i * pixels, (i + 1) * pixels), row * pixels));
    if (done === 0) flat = Uint8Array.from(stepped.flat);
    active = some.filter((_, i) => stepped.fooled[i] === 0);
    done += now;
  }
  return { x, flat };
}

/**
 * Steps of the next run: one until the pace is known (the first run tells too slow a pace, since it compiles, but only for the second),
 * and where rows may leave several batches, no more than were taken before, so that soon fewer batches run.
 */
function runLength(engine: Engine, done: number, mayShrink: boolean): number {
  const pace = paces.get(engine);
  if (pace === undefined) return 1;
  return Math.max(1, Math.min(Math.floor(longestRunSeconds / pace), mayShrink ? done : Infinity));
}
