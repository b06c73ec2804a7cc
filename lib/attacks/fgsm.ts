// FGSM (Goodfellow 2015): one step of the full radius along the sign of the gradient.
import type { Attack, Budget } from './attack.ts';
import { climb } from './climb.ts';

/** x' = clip(x + epsilon * sign(gradient)) */
export const fgsm: Attack<Budget> = (engine, victims, { norm, epsilon }) =>
  climb(engine, victims, { norm, epsilon, stepSize: epsilon, steps: 1, count: 'last', randomStart: false });
