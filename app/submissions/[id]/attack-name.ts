// What an attack is called on a page: its name in the literature, with what it was allowed to try.
import type { AttackTrial } from '@/lib/evaluation/trial';

const names = {
  fgsm: 'FGSM', bim: 'BIM', mim: 'MIM', pgd: 'PGD', 'apgd-ce': 'APGD-CE', 'apgd-dlr': 'APGD-DLR', 'apgd-t': 'APGD-T', square: 'Square',
  ensemble: 'Ensemble', noise: 'Uniform noise', transfer: 'Transfer',
} as const satisfies Record<AttackTrial['attack'], string>;

/** e.g. `PGD-40`, `PGD-40 × 5` with restarts, `Square-1000`. Equal for the same attack at another radius. */
export function attackName(trial: AttackTrial): string {
  const effort = 'queries' in trial && trial.attack === 'square' ? trial.queries : 'steps' in trial && trial.attack !== 'ensemble' ? trial.steps : null;
  const restarts = 'restarts' in trial && trial.restarts > 1 ? ` × ${trial.restarts}` : '';
  return `${names[trial.attack]}${effort === null ? '' : `-${effort}`}${restarts}`;
}

/** One sentence on what it does, for the legend. */
export const attackSays: Record<AttackTrial['attack'], string> = {
  fgsm: 'one step of the full radius along the sign of the gradient',
  bim: 'small signed steps from the image',
  mim: 'signed steps along an accumulated gradient',
  pgd: 'small steps from a random point of the ball',
  'apgd-ce': 'PGD that chooses its own step size, on the cross-entropy',
  'apgd-dlr': 'PGD that chooses its own step size, on the difference of logits ratio',
  'apgd-t': 'the same towards the likeliest wrong classes, one after the other',
  square: 'random squares, without looking at gradients',
  ensemble: 'APGD-CE, then APGD-T, then Square, each on what is still right',
  noise: 'one random point of the ball',
  transfer: 'examples made on the reference CNN',
};
