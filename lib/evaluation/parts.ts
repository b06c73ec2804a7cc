// How a trial is cut into parts, the unit that lands or is lost: a fixed function of the trial, never of model or machine.
import type { AttackTrial, AttackTta, Trial, Tta } from './trial.ts';

/** A gradient with its forward pass costs about as much as three forward passes. */
const gradientPasses = 3;
const passesPerPart = 2000;
const smallest = 32;

/** Passes of a probe: a judgement, five equal calls, three gradients, and 32 central differences (spec 2.8, M5 to M8). */
const probePasses = 6 + 3 * gradientPasses + 2 * 32;

/** Forward passes of a policy for one image, when one that draws at random takes `repetitions` copies. */
function copiesOf(tta: Tta, repetitions = 'repetitions' in tta ? tta.repetitions : 0): number {
  switch (tta.policy) {
    case 'sum':
      return repetitions;
    case 'mixup':
      // The raw image too: its prediction chooses the partners.
      return repetitions + 1;
    default:
      return { hflip: 2, shift: 9, rot: 5, rot90: 4, d4: 8 }[tta.policy];
  }
}

/**
 * Share of an attack's rounds and queries that an image takes on average, where it leaves once it fools the model: what the
 * reference CNN took over the epsilon ladder (the adversarially trained one took twice as many, at 0.1 it took 2 %). No
 * function of epsilon, or a shard of a robust model would run for many times its estimate.
 */
const standing = 0.4;
/** The same for Square alone, which fools fewer. */
const standingBeforeSquare = 0.7;

/** Gradients and answers that an attack asks of the attacked for one image of an ordinary CNN, and judgements of its examples. */
function questionsOf(trial: AttackTrial): { gradients: number; answers: number; judged: number } {
  const restarts = 'restarts' in trial ? trial.restarts : 1;
  // Of several restarts only what is still robust takes the second.
  const repeated = 1 + (restarts - 1) * standing;
  switch (trial.attack) {
    case 'fgsm':
      return { gradients: 1, answers: 0, judged: 1 };
    case 'square':
      return { gradients: 0, answers: trial.queries * standingBeforeSquare, judged: 1 };
    case 'noise':
      return { gradients: 0, answers: 0, judged: 1 };
    case 'apgd-t':
      return { gradients: restarts * trial.targets * (trial.steps + 1) * standing, answers: 1, judged: 1 + (restarts * trial.targets - 1) * standing };
    case 'ensemble':
      return {
        gradients: (1 + trial.targets) * (trial.steps + 1) * standing, answers: trial.queries * standing, judged: 1 + (1 + trial.targets) * standing,
      };
    case 'apgd-ce':
    case 'apgd-dlr':
      return { gradients: restarts * (trial.steps + 1) * standing, answers: 0, judged: repeated };
    default: {
      const leaves = 'count' in trial && trial.count === 'any';
      return { gradients: trial.steps * (leaves ? restarts * standing : repeated), answers: 0, judged: repeated };
    }
  }
}

/**
 * Independent evaluations of a trial's images, one unless its policy draws at random: 3 show the Monte-Carlo spread
 * (spec 4.2), most of 5 decide under attack (spec 2.9), and an attack that knows the draws is judged by those (sides.ts).
 */
export function drawSetsOf({ kind, tta }: Trial): number {
  if (!tta || !('repetitions' in tta)) return 1;
  if (kind !== 'attack') return 3;
  return 'mode' in tta && tta.mode === 'known' ? 1 : 5;
}

/** Copies of an image that the attacked engine averages over. */
function attackedCopies(tta: AttackTta): number {
  if (tta.mode === 'transfer') return 1;
  return copiesOf(tta, tta.mode === 'eot' ? tta.attackDraws : undefined);
}

/** Cost of one image of a trial, in forward passes of the bare model: the expected one, where images leave an attack early. */
export function passesPerImage(trial: Trial): number {
  if (trial.kind === 'probe') return probePasses;
  const judging = trial.tta ? copiesOf(trial.tta) * drawSetsOf(trial) : 1;
  if (trial.kind !== 'attack') return judging;
  const { gradients, answers, judged } = questionsOf(trial);
  const attacked = trial.tta ? attackedCopies(trial.tta) : 1;
  // A policy needs its copies' probabilities before it can pull a gradient back through them.
  const gradient = attacked * (gradientPasses + Number(attacked > 1));
  return (1 + judged) * judging + gradients * gradient + answers * attacked;
}

/** Images of one part: about 2,000 forward passes, a fraction of a second for a small CNN, and whole batches of 32. */
export function partSize(trial: Trial): number {
  const images = passesPerPart / passesPerImage(trial);
  return images >= passesPerPart ? passesPerPart : Math.max(smallest, Math.round(images / smallest) * smallest);
}
