// How a trial is cut into parts, the unit that lands or is lost: a fixed function of the trial, never of model or machine.
import type { Trial } from './trial.ts';

/** A gradient with its forward pass costs about as much as three forward passes. */
const gradientPasses = 3;
const passesPerPart = 2000;
const smallest = 32;

/** Cost of one image of a trial, in forward passes of the bare model. */
export function passesPerImage(trial: Trial): number {
  const copies = trial.tta?.policy === 'sum' ? trial.tta.repetitions : trial.tta?.policy === 'shift' ? 9 : 1;
  // A policy needs its copies' probabilities before it can pull a gradient back through them.
  const gradient = copies * (gradientPasses + (trial.tta ? 1 : 0));
  if (trial.kind !== 'attack') return copies;
  const steps = 'steps' in trial ? trial.steps : 1;
  const restarts = 'restarts' in trial ? trial.restarts : 1;
  return copies + restarts * (steps * gradient + copies);
}

/** Images of one part: about 2,000 forward passes, a fraction of a second for a small CNN, and whole batches of 32. */
export function partSize(trial: Trial): number {
  const images = passesPerPart / passesPerImage(trial);
  return images >= passesPerPart ? passesPerPart : Math.max(smallest, Math.round(images / smallest) * smallest);
}
