// Noise: one uniform draw of the ball, no search at all (check M10 of spec 2.8).
import type { Attack, Budget } from './attack.ts';
import { ballsAround } from './norms.ts';
import { uniformStart } from './starts.ts';

/** x' = clip(x + U(-epsilon, epsilon)), the start of PGD. */
export const noise: Attack<Budget> = async (_, victims, { norm, epsilon }) => {
  const budget = { norm, epsilon };
  const data = uniformStart(victims, budget, ballsAround(victims.x, budget));
  return { x: { data, shape: victims.x.shape }, flat: new Uint8Array(victims.labels.length) };
};
