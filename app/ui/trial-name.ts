// What a trial is called on a page.
import type { AttackTrial, AttackTta, Trial } from '@/lib/evaluation/trial';
import { epsilon, words } from './format';
import { policyName } from './policy-name';

const attacks = {
  fgsm: 'FGSM', bim: 'BIM', mim: 'MIM', pgd: 'PGD', 'apgd-ce': 'APGD-CE', 'apgd-dlr': 'APGD-DLR', 'apgd-t': 'APGD-T', square: 'Square',
  ensemble: 'Ensemble', noise: 'Uniform noise', transfer: 'Transfer',
} as const satisfies Record<AttackTrial['attack'], string>;

/** The name in the literature with what it was allowed to try: `PGD-40`, `PGD-40 × 5` with restarts. Equal for the same attack at another radius. */
export function attackName(trial: AttackTrial): string {
  const effort = 'queries' in trial && trial.attack === 'square' ? trial.queries : 'steps' in trial && trial.attack !== 'ensemble' ? trial.steps : null;
  const restarts = 'restarts' in trial && trial.restarts > 1 ? ` × ${trial.restarts}` : '';
  return `${attacks[trial.attack]}${effort === null ? '' : `-${effort}`}${restarts}`;
}

/** What an attack knows of the policy it is made against. */
export const modeNames: Record<AttackTta['mode'], string> = { transfer: 'transferred', eot: 'fresh draws', known: 'known draws' };

export const normName = (norm: AttackTrial['norm']): string => (norm === 'linf' ? 'L∞' : 'L2');

/** e.g. `gaussian blur, severity 3` or `PGD-40 at ε 0.05 (L∞)`, with the policy it is measured under. */
export function trialName(trial: Trial): string {
  const under = trial.tta ? `, under ${policyName(trial.tta)}${'mode' in trial.tta ? ` (${modeNames[trial.tta.mode]})` : ''}` : '';
  const train = trial.images?.split === 'train' ? ' on training images' : '';
  switch (trial.kind) {
    case 'clean':
      return `clean images${train}${under}`;
    case 'mixed':
      return `mixed perturbations${train}${under}`;
    case 'probe':
      return 'probe of answers and gradients';
    case 'perturbation':
      return `${words(trial.perturbation)}, severity ${trial.severity}${under}`;
    case 'attack':
      return `${attackName(trial)} at ε ${epsilon(trial.epsilon)} (${normName(trial.norm)})${under}`;
  }
}
