// How a trial is cut into parts, the unit that lands or is lost: a fixed function of the trial, never of model or machine.
import type { AttackTrial, AttackTta, Trial, Tta } from './trial.ts';

/** A gradient with its forward pass costs about as much as three forward passes. */
const gradientPasses = 3;
const passesPerPart = 2000;
const smallest = 32;

/** Passes of a probe: five equal calls, two gradients, and 32 central differences (spec 2.8, M6 and M8). */
const probePasses = 5 + 2 * gradientPasses + 2 * 32;

/** Copies of an image that a policy averages over. */
function copiesOf(tta: Tta | AttackTta | undefined): number {
  if (!tta) return 1;
  if ('repetitions' in tta) return tta.repetitions + Number(tta.policy === 'mixup');
  return { hflip: 2, shift: 9, rot: 5, rot90: 4, d4: 8 }[tta.policy];
}

/** Forward passes and gradients that an attack asks for one image that never falls. */
function questionsOf(trial: AttackTrial): { gradients: number; answers: number } {
  const restarts = 'restarts' in trial ? trial.restarts : 1;
  switch (trial.attack) {
    case 'fgsm':
      return { gradients: 1, answers: 1 };
    case 'square':
      return { gradients: 0, answers: trial.queries };
    case 'noise':
      return { gradients: 0, answers: 1 };
    case 'apgd-t':
      return { gradients: restarts * trial.targets * (trial.steps + 1), answers: restarts * trial.targets };
    case 'ensemble':
      return { gradients: (1 + trial.targets) * (trial.steps + 1), answers: 1 + trial.targets + trial.queries };
    case 'apgd-ce':
    case 'apgd-dlr':
      return { gradients: restarts * (trial.steps + 1), answers: restarts };
    default:
      return { gradients: restarts * trial.steps, answers: restarts };
  }
}

/** Independent judgements of one adversarial example under a policy that draws at random (spec 2.9: the majority of at least five). */
export const judgements = 5;

/** Cost of one image of a trial, in forward passes of the bare model. */
export function passesPerImage(trial: Trial): number {
  if (trial.kind === 'probe') return probePasses;
  const copies = copiesOf(trial.tta);
  if (trial.kind !== 'attack') return copies;
  const { gradients, answers } = questionsOf(trial);
  const { tta } = trial;
  const attacked = tta?.mode === 'transfer' ? 1 : tta?.mode === 'eot' && 'repetitions' in tta ? tta.attackDraws : copies;
  // A policy needs its copies' probabilities before it can pull a gradient back through them.
  const gradient = attacked * (gradientPasses + Number(attacked > 1));
  const judging = copies * (tta && 'repetitions' in tta ? judgements : 1);
  return judging + gradients * gradient + answers * judging;
}

/** Images of one part: about 2,000 forward passes, a fraction of a second for a small CNN, and whole batches of 32. */
export function partSize(trial: Trial): number {
  const images = passesPerPart / passesPerImage(trial);
  return images >= passesPerPart ? passesPerPart : Math.max(smallest, Math.round(images / smallest) * smallest);
}
