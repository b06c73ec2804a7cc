// One sentence on what each attack does, for the legend.
import type { AttackTrial } from '@/lib/evaluation/trial';

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
