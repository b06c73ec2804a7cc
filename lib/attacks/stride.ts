// Many signed steps inside the engine, cut so that a slow model is still heard of now and then.
import type { Engine, Rows } from '../engines/engine.ts';
import type { Tensor } from '../tensor.ts';
import type { Box } from './norms.ts';

/** How long one run of the engine may take: far less than the silence a supervisor takes for a hang. */
const longestRunSeconds = 1;

/**
 * Takes `steps` steps from `rows.x` and returns where they lead. How many go into a run follows from the time a step of all
 * rows took, first `secondsPerStep`; the result does not depend on it.
 */
export async function stride(
  engine: Engine,
  rows: Rows,
  labels: Uint8Array,
  { box, stepSize, steps }: { box: Box; stepSize: number; steps: number },
  secondsPerStep: number,
): Promise<Tensor> {
  const { shape } = rows.x;
  const [low, high] = [box.low, box.high].map((data): Tensor => ({ data, shape }));
  const runs = Math.ceil(shape[0] / engine.info.batchSize);
  let { x } = rows;
  let seconds = secondsPerStep;
  for (let done = 0; done < steps; ) {
    const now = Math.max(1, Math.min(steps - done, Math.floor((longestRunSeconds * runs) / seconds)));
    const began = performance.now();
    x = await engine.signSteps!({ ...rows, x, draw: { ...rows.draw, step: rows.draw.step + 1 + done } }, labels, { low, high, stepSize, steps: now });
    // The first run is slow from compiling; later ones tell better.
    seconds = (performance.now() - began) / 1000 / now;
    done += now;
  }
  return x;
}
