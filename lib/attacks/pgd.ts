// PGD (Madry 2018): signed steps from a random point of the ball. Restarts are the caller's loop.
import type { Attack, Budget, Count } from './attack.ts';
import { climb } from './climb.ts';

export type PgdParameters = Budget & { stepSize: number; steps: number; randomStart: boolean; count: Count };

/** x_0 = clip(x + U(-epsilon, epsilon)); x_{t+1} = clip(x_t + stepSize * sign(gradient at x_t)). */
export const pgd: Attack<PgdParameters> = (engine, victims, parameters) => climb(engine, victims, parameters);
