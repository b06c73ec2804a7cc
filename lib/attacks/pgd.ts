// PGD (Madry 2018): steps from a random point of the ball. Restarts are the caller's loop.
import type { Attack } from './attack.ts';
import { climb, type Climb } from './climb.ts';

/**
 * x_0 = clip(x + U(-epsilon, epsilon)); x_{t+1} = clip(x_t + stepSize * sign(gradient at x_t)). In L2 x_0 is uniform in the
 * ball, and the unit vector of the gradient takes the place of its signs.
 */
export const pgd: Attack<Climb> = (engine, victims, parameters) => climb(engine, victims, parameters);
