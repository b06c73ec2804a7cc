// The frozen names of trials: they key the cells, and they name the random streams (spec 7.2), so they never change.
import type { AttackTta, ImageChoice, Protocol, Trial, Tta } from './trial.ts';

/** Label of a TTA policy with its parameters, e.g. `shift` or `sum-k2-a4-n16`; the same whatever an attack knows of it. */
export function ttaLabel(tta: Tta): string {
  switch (tta.policy) {
    case 'shift':
      return 'shift';
    case 'sum':
      return `sum-k${tta.k}-a${tta.ownWeight}-n${tta.repetitions}`;
    case 'mixup':
      return `mixup-${tta.partners}-l${tta.lambda}-n${tta.repetitions}`;
    default:
      return tta.policy;
  }
}

/** What an attack knows of the policy, e.g. `eot8`. */
function knowledgeLabel({ mode, attackDraws }: AttackTta): string {
  return mode === 'eot' ? `eot${attackDraws}` : mode;
}

/** Label of an image choice: `test-first-1000` in file order, `test-2000` drawn from the seed. */
export function choiceLabel(choice: ImageChoice): string {
  return 'first' in choice ? `${choice.split}-first-${choice.first}` : `${choice.split}-${choice.size}`;
}

/** Name of the streams of a trial's images and attack draws: the same with and without TTA, whatever the image choice. */
export function imagesId(trial: Trial): string {
  switch (trial.kind) {
    case 'clean':
    case 'mixed':
    case 'probe':
      return trial.kind;
    case 'perturbation':
      return `${trial.perturbation}/${trial.severity}`;
    case 'attack': {
      const words: (string | number)[] = [trial.attack, trial.norm, trial.epsilon];
      if ('steps' in trial) words.push('stepSize' in trial ? `${trial.stepSize}x${trial.steps}` : `${trial.steps}`);
      if ('targets' in trial) words.push(`targets${trial.targets}`);
      if ('queries' in trial) words.push(`queries${trial.queries}`);
      if ('loss' in trial) words.push(trial.loss ?? 'cross-entropy');
      if ('momentum' in trial) words.push(`momentum${trial.momentum}`);
      if ('randomStart' in trial) words.push(trial.randomStart ? 'random' : 'centre');
      if ('restarts' in trial) words.push(`restarts${trial.restarts}`);
      if ('count' in trial) words.push(trial.count);
      return words.join('/');
    }
  }
}

/** Name of a trial, unique in its protocol: `imagesId`, then the TTA policy, then the image choice where the trial has its own. */
export function trialId(trial: Trial): string {
  const tta = trial.tta ? `+${ttaLabel(trial.tta)}${'mode' in trial.tta ? `-${knowledgeLabel(trial.tta)}` : ''}` : '';
  const images = trial.images ? `@${choiceLabel(trial.images)}` : '';
  return imagesId(trial) + tta + images;
}

/** Labels of the TTA policies a protocol measures, each once, in its order. */
export function policiesOf({ trials }: Pick<Protocol, 'trials'>): string[] {
  return [...new Set(trials.flatMap(({ tta }) => (tta ? [ttaLabel(tta)] : [])))];
}

/** Which images a trial of this protocol is measured on. */
export function choiceOf(protocol: Pick<Protocol, 'images'>, trial: Trial): ImageChoice {
  return trial.images ?? protocol.images;
}

/** How many images that is. */
export function imageCount(protocol: Pick<Protocol, 'images'>, trial: Trial): number {
  const choice = choiceOf(protocol, trial);
  return 'first' in choice ? choice.first : choice.size;
}
