// The loop that the sign attacks share: gradient, direction, signed step, projection (spec 2.1).
import type { Engine } from '../engines/engine.ts';
import { argmax, type Tensor } from '../tensor.ts';
import type { Adversarial, Budget, Count, Victims } from './attack.ts';
import { lossGradient } from './losses.ts';
import { clip, linfBox, randomStart, sign } from './norms.ts';

export type Climb = Budget & { steps: number; stepSize: number; count: Count; randomStart: boolean };

/** Turns the gradient of one victim (784 values, in place) into the direction whose signs are followed. */
export type Direction = (gradient: Float32Array, victim: number) => void;

const along: Direction = () => {};

function gather(source: Float32Array, rows: readonly number[], width: number): Tensor {
  const data = new Float32Array(rows.length * width);
  rows.forEach((from, to) => data.set(source.subarray(from * width, (from + 1) * width), to * width));
  return { data, shape: [rows.length, width] };
}

/**
 * x_{t+1} = clip(x_t + stepSize * sign(direction of the gradient at x_t)) for `steps` steps, from the image or a random
 * start. Under `any` a victim leaves with the first iterate that the model gets wrong; whether the last iterate fools the
 * model is for the caller's fresh forward pass to say.
 */
export async function climb(engine: Engine, victims: Victims, plan: Climb, direction: Direction = along): Promise<Adversarial> {
  const [count, pixels] = victims.x.shape;
  const box = linfBox(victims.x, plan.epsilon);
  const x = plan.randomStart
    ? randomStart(victims.x, plan.epsilon, box, victims.image, victims.restart, victims.startKey())
    : victims.x.data.slice();
  let active = Array.from({ length: count }, (_, victim) => victim);
  let zeroGradients = 0;

  for (let step = 0; step < plan.steps && active.length > 0; step++) {
    const rows = {
      x: gather(x, active, pixels),
      image: Uint32Array.from(active, (victim) => victims.image[victim]),
      draw: { role: 'attack' as const, restart: victims.restart, step },
    };
    const labels = Uint8Array.from(active, (victim) => victims.labels[victim]);
    const { logits, dx } = await lossGradient(engine, rows, labels, 'cross-entropy');
    const classes = logits.shape[1];
    active = active.filter((victim, row) => {
      if (plan.count === 'any' && argmax(logits.data, row * classes, classes) !== labels[row]) return false;
      const gradient = dx.data.subarray(row * pixels, (row + 1) * pixels);
      if (step === 0 && gradient.every((value) => value === 0)) zeroGradients++;
      direction(gradient, victim);
      for (let q = 0, i = victim * pixels; q < pixels; q++, i++) {
        x[i] = clip(x[i] + plan.stepSize * sign(gradient[q]), box.low[i], box.high[i]);
      }
      return true;
    });
  }
  return { x: { data: x, shape: victims.x.shape }, zeroGradients };
}
