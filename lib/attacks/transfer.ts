// Transfer: the examples that PGD finds on the reference CNN, whatever the model attacked (check M9 of spec 2.8).
import type { Attack, Budget } from './attack.ts';
import { climb } from './climb.ts';

/** PGD from the image itself, last iterate, on the reference CNN alone. */
export const transfer: Attack<Budget & { stepSize: number; steps: number }> = async (_, victims, { norm, epsilon, stepSize, steps }) => {
  const found = await climb(await victims.reference(), victims, { norm, epsilon, stepSize, steps, count: 'last', randomStart: false });
  // A gradient that the reference lacks says nothing of the model.
  return { ...found, flat: new Uint8Array(victims.labels.length) };
};
