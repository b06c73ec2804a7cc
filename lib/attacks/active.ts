// The victims an attack still works on: only they are asked about, in full batches.
import type { Rows } from '../engines/engine.ts';
import { argmax, pickRows, type Tensor } from '../tensor.ts';
import type { Victims } from './attack.ts';

/** Every victim, by its number. */
export function everyVictim({ image }: Victims): number[] {
  return Array.from(image.keys());
}

/** What an engine is asked about the active victims' iterates in x [N, 784], at the attack's draws of one step. */
export function rowsAt({ image, restart }: Victims, active: readonly number[], x: Tensor, step: number): Rows {
  return {
    x: active.length === x.shape[0] ? x : pickRows(x, active),
    image: Uint32Array.from(active, (victim) => image[victim]),
    // A stream's address has 16 bits for the step (spec 7.2).
    draw: { role: 'attack', restart, step: step & 0xffff },
  };
}

/** One class per active victim. */
export function classesOf(values: Uint8Array, active: readonly number[]): Uint8Array {
  return Uint8Array.from(active, (victim) => values[victim]);
}

/** Whether the prediction of one row of logits is wrong. */
export function isFooled({ data, shape: [, classes] }: Tensor, row: number, label: number): boolean {
  return argmax(data, row * classes, classes) !== label;
}
