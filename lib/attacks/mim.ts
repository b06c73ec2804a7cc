// MIM or MI-FGSM (Dong 2018): signed steps along an accumulated, L1-normalised gradient.
import type { Attack, Budget, Count } from './attack.ts';
import { climb } from './climb.ts';

export type MimParameters = Budget & { stepSize: number; steps: number; momentum: number; randomStart: boolean; count: Count };

/** g_{t+1} = momentum * g_t + gradient / ||gradient||_1; x_{t+1} = clip(x_t + stepSize * sign(g_{t+1})). */
export const mim: Attack<MimParameters> = (engine, victims, parameters) => {
  const pixels = victims.x.shape[1];
  const accumulated = new Float32Array(victims.x.data.length);
  return climb(engine, victims, parameters, (gradient, victim) => {
    const g = accumulated.subarray(victim * pixels, (victim + 1) * pixels);
    let norm = 0;
    for (const value of gradient) norm += Math.abs(value);
    // A zero gradient adds nothing, instead of the NaN of 0/0; a gradient that is not finite tells nothing either.
    const scale = norm > 0 && norm < Infinity ? 1 / norm : 0;
    for (let q = 0; q < pixels; q++) {
      g[q] = parameters.momentum * g[q] + (scale && scale * gradient[q]);
      gradient[q] = g[q];
    }
  });
};
