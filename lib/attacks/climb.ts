// The loop that the plain gradient attacks share: gradient, direction, step, projection (spec 2.1).
import type { Engine } from '../engines/engine.ts';
import type { Loss } from '../losses.ts';
import { rowsOf, type Tensor } from '../tensor.ts';
import { classesOf, everyVictim, isFooled, rowsAt } from './active.ts';
import type { Adversarial, Budget, Count, Victims } from './attack.ts';
import { lossGradient } from './losses.ts';
import { ballsAround, isZero, linfBox } from './norms.ts';
import { uniformStart } from './starts.ts';
import { stride } from './stride.ts';

export type Climb = Budget & { steps: number; stepSize: number; count: Count; randomStart: boolean; loss?: Exclude<Loss, 'dlr-targeted'> };

/** Turns the gradient of one victim (784 values, in place) into the direction whose signs are followed. */
export type Direction = (gradient: Float32Array, victim: number) => void;

/**
 * x_{t+1} = clip(x_t + stepSize * sign(direction of the gradient at x_t)) for `steps` steps, from the image or a random
 * start, in float32; the direction is the gradient itself unless one is given, and in L2 its unit vector takes the place of
 * its signs. Under `any` a victim leaves with the first iterate that the model gets wrong; whether the last iterate fools
 * the model is for the caller's fresh forward pass to say. Along the signs of the cross-entropy's gradient an engine that
 * offers it takes the steps inside; the result is the same.
 */
export async function climb(engine: Engine, victims: Victims, plan: Climb, direction?: Direction): Promise<Adversarial> {
  const { labels, x: { shape } } = victims;
  const pixels = shape[1];
  const { loss = 'cross-entropy' } = plan;
  const box = plan.norm === 'linf' ? linfBox(victims.x, plan.epsilon) : undefined;
  const ball = ballsAround(victims.x, plan, box);
  const x: Tensor = { data: plan.randomStart ? uniformStart(victims, plan, ball) : victims.x.data.slice(), shape };
  // An engine adds float32 numbers: this one, whoever takes the step.
  const stepSize = Math.fround(plan.stepSize);
  const untilFooled = plan.count === 'any';
  let active = everyVictim(victims);
  if (engine.signSteps && box && !direction && loss === 'cross-entropy') {
    return stride(engine, rowsAt(victims, active, x, 0), labels, { box, stepSize, steps: plan.steps, untilFooled });
  }

  const flat = new Uint8Array(active.length);
  for (let step = 0; step < plan.steps && active.length > 0; step++) {
    const { logits, dx } = await lossGradient(engine, rowsAt(victims, active, x, step), classesOf(labels, active), loss);
    active = active.filter((victim, row) => {
      if (untilFooled && isFooled(logits, row, labels[victim])) return false;
      const gradient = rowsOf(dx, row, row + 1).data;
      if (step === 0) flat[victim] = Number(isZero(gradient));
      direction?.(gradient, victim);
      ball.step(x.data.subarray(victim * pixels, (victim + 1) * pixels), gradient, stepSize, victim);
      return true;
    });
  }
  return { x, flat };
}
