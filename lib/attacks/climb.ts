// The loop that the sign attacks share: gradient, direction, signed step, projection (spec 2.1).
import type { Engine, Rows } from '../engines/engine.ts';
import { argmax, pickRows, rowsOf, type Tensor } from '../tensor.ts';
import type { Adversarial, Budget, Count, Victims } from './attack.ts';
import { lossGradient } from './losses.ts';
import { isZero, linfBox, moveAlong, randomStart } from './norms.ts';
import { stride } from './stride.ts';

export type Climb = Budget & { steps: number; stepSize: number; count: Count; randomStart: boolean };

/** Turns the gradient of one victim (784 values, in place) into the direction whose signs are followed. */
export type Direction = (gradient: Float32Array, victim: number) => void;

/**
 * x_{t+1} = clip(x_t + stepSize * sign(direction of the gradient at x_t)) for `steps` steps, from the image or a random
 * start, in float32; the direction is the gradient itself unless one is given. Under `any` a victim leaves with the first
 * iterate that the model gets wrong; whether the last iterate fools the model is for the caller's fresh forward pass to say.
 * Along the gradient itself an engine that offers it takes the steps inside; the result is the same.
 */
export async function climb(engine: Engine, victims: Victims, plan: Climb, direction?: Direction): Promise<Adversarial> {
  const { shape } = victims.x;
  const [count, pixels] = shape;
  const box = linfBox(victims.x, plan.epsilon);
  const data = plan.randomStart
    ? randomStart(victims.x, plan.epsilon, box, victims.image, victims.restart, victims.startKey())
    : victims.x.data.slice();
  const x: Tensor = { data, shape };
  // An engine adds float32 numbers: this one, whoever takes the step.
  const stepSize = Math.fround(plan.stepSize);
  const whole: Rows = { x, image: victims.image, draw: { role: 'attack', restart: victims.restart, step: 0 } };
  const untilFooled = plan.count === 'any';
  if (engine.signSteps && !direction) return stride(engine, whole, victims.labels, { box, stepSize, steps: plan.steps, untilFooled });
  let active = Array.from({ length: count }, (_, victim) => victim);
  let zeroGradients = 0;

  for (let step = 0; step < plan.steps && active.length > 0; step++) {
    const all = active.length === count;
    const rows: Rows = {
      x: all ? x : pickRows(x, active),
      image: all ? victims.image : Uint32Array.from(active, (victim) => victims.image[victim]),
      draw: { ...whole.draw, step },
    };
    const labels = all ? victims.labels : Uint8Array.from(active, (victim) => victims.labels[victim]);
    const { logits, dx } = await lossGradient(engine, rows, labels, 'cross-entropy');
    const classes = logits.shape[1];
    active = active.filter((victim, row) => {
      if (untilFooled && argmax(logits.data, row * classes, classes) !== labels[row]) return false;
      const gradient = rowsOf(dx, row, row + 1).data;
      if (step === 0 && isZero(gradient)) zeroGradients++;
      direction?.(gradient, victim);
      moveAlong(gradient, stepSize, data, victim * pixels, box);
      return true;
    });
  }
  return { x, zeroGradients };
}
