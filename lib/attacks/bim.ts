// BIM or I-FGSM (Kurakin 2017): signed steps from the image itself.
import type { Attack, Budget, Count } from './attack.ts';
import { climb } from './climb.ts';

/** x_{t+1} = clip(x_t + stepSize * sign(gradient at x_t)), x_0 = x. */
export const bim: Attack<Budget & { stepSize: number; steps: number; count: Count }> = (engine, victims, parameters) =>
  climb(engine, victims, { ...parameters, randomStart: false });
