// Runs one attack trial on some images, and polices it: an attack never judges itself (spec 2.5).
import type { Attack, Budget, Victims } from '../attacks/attack.ts';
import { attacks } from '../attacks/index.ts';
import type { Engine } from '../engines/engine.ts';
import type { Key } from '../random.ts';
import type { Tensor } from '../tensor.ts';
import type { Diagnostics } from './cell.ts';
import { type Inputs, pick } from './inputs.ts';
import type { AttackTrial } from './trial.ts';
import { judge } from './verdict.ts';

const tolerance = 1e-6;

/** Throws an Error when an example is outside the ball around its image, outside [0, 1], or not finite. */
export function police(attack: string, epsilon: number, original: Tensor, adversarial: Tensor): void {
  if (adversarial.data.length !== original.data.length) {
    throw new Error(`The attack ${attack} gave ${adversarial.data.length} pixels for ${original.data.length}.`);
  }
  adversarial.data.forEach((value, i) => {
    // Written so that NaN fails too.
    if (!(value >= 0 && value <= 1 && Math.abs(value - original.data[i]) <= epsilon + tolerance)) {
      throw new Error(`The attack ${attack} left its budget: pixel ${i % 784} went from ${original.data[i]} to ${value} at epsilon ${epsilon}.`);
    }
  });
}

export type Outcome = { predictions: Uint8Array; right: boolean[]; diagnostics: Diagnostics };

/**
 * Attacks every image that the model's own clean pass gets right; an image is robust when it was right and every restart's
 * example, judged by a fresh forward pass, still is. An image once fooled needs no further restart: its verdict stands.
 */
export async function attackAndJudge(engine: Engine, trial: AttackTrial, inputs: Inputs, startKey: () => Key): Promise<Outcome> {
  const { predictions, right, diagnostics } = await judge(engine, inputs);
  const sums: Diagnostics = { ...diagnostics, zeroGradients: 0 };
  const attack = (attacks as Record<string, Attack<never>>)[trial.attack] as Attack<Budget>;
  const restarts = 'restarts' in trial ? trial.restarts : 1;
  for (let restart = 0; restart < restarts; restart++) {
    const rows = [...right.keys()].filter((row) => right[row]);
    if (rows.length === 0) break;
    const victims: Victims = { ...pick(inputs, rows), restart, startKey };
    const found = await attack(engine, victims, trial as Budget);
    police(trial.attack, trial.epsilon, victims.x, found.x);
    const after = await judge(engine, { ...victims, x: found.x });
    rows.forEach((row, i) => {
      predictions[row] = after.predictions[i];
      right[row] = after.right[i];
    });
    sums.nearTies! += after.diagnostics.nearTies;
    sums.notFinite! += after.diagnostics.notFinite;
    if (restart === 0) sums.zeroGradients = found.zeroGradients;
  }
  return { predictions, right, diagnostics: sums };
}
