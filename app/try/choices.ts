// What can be chosen on the page, with the words for it. Data alone, so that the page is light before a model is opened.
import { policyName } from '@/app/ui/policy-name';
import type { AttackName, AttackTta, Tta } from '@/lib/evaluation/trial';
import type { BaselineFile } from '@/lib/playground/baselines';

export const baselines: readonly { file: BaselineFile; name: string; about: string }[] = [
  { file: 'reference-cnn.onnx', name: 'Reference CNN', about: 'Two convolutions, trained on clean images' },
  { file: 'cnn-augmented.onnx', name: 'CNN trained on perturbed images', about: 'Four convolutions with batch normalisation' },
  { file: 'reference-cnn-adversarial.onnx', name: 'Reference CNN, adversarially trained', about: 'On two-step PGD examples at ε 0.1' },
  { file: 'cnn-sum-augmentation.onnx', name: 'CNN trained with sum augmentation', about: 'For the policy Sum' },
  { file: 'mlp.onnx', name: 'MLP', about: 'Dense layers 784–256–128–10' },
  { file: 'linear.onnx', name: 'Linear', about: 'Softmax regression on the pixels' },
];

type Effort = { name: 'Steps' | 'Queries'; usual: number; least: number; most: number; by: number };
const steps = (usual: number): Effort => ({ name: 'Steps', usual, least: 1, most: 100, by: 1 });
const queries: Effort = { name: 'Queries', usual: 1000, least: 100, most: 3000, by: 100 };

export type AttackChoice = { name: string; about: string; effort?: Effort; l2?: true; gradient: boolean };

/** In the order of the protocol's own schema; the usual effort is that of gauntlet-v1 where it has the attack. */
export const attacks: Readonly<Record<AttackName, AttackChoice>> = {
  fgsm: { name: 'FGSM', about: 'One step of the full radius along the sign of the gradient.', gradient: true },
  bim: { name: 'BIM', about: 'Signed gradient steps from the image itself.', effort: steps(10), gradient: true },
  mim: { name: 'MIM', about: 'Signed steps along an accumulated gradient.', effort: steps(10), gradient: true },
  pgd: { name: 'PGD', about: 'Gradient steps from a random point of the ball.', effort: steps(40), l2: true, gradient: true },
  'apgd-ce': { name: 'APGD-CE', about: 'PGD with momentum that halves its own step size; cross-entropy.', effort: steps(100), l2: true, gradient: true },
  'apgd-dlr': { name: 'APGD-DLR', about: 'The same on the difference-of-logits ratio.', effort: steps(100), l2: true, gradient: true },
  'apgd-t': { name: 'APGD-T', about: 'The same towards the three likeliest wrong classes in turn.', effort: steps(100), l2: true, gradient: true },
  square: { name: 'Square', about: 'Random squares at the rim of the ball; asks for answers only.', effort: queries, gradient: false },
  ensemble: { name: 'Ensemble', about: 'APGD-CE, APGD-T, then Square, until one succeeds: AutoAttack without FAB.', effort: queries, gradient: false },
  noise: { name: 'Uniform noise', about: 'One random point of the ball. No search at all.', gradient: false },
  transfer: { name: 'Transfer', about: 'PGD on the reference CNN, tried on this model.', effort: steps(40), gradient: false },
};
export const attackNames = Object.keys(attacks) as AttackName[];

/** The ladder of gauntlet-v1 and two rungs above it. */
export const epsilons = { linf: [0.01, 0.02, 8 / 255, 0.05, 0.1, 0.2, 0.3], l2: [0.25, 0.5, 1, 1.5, 2, 3] } as const;

const policy = (tta: Tta) => ({ tta, name: policyName(tta) });

export const policies = {
  shift: policy({ policy: 'shift' }),
  hflip: policy({ policy: 'hflip' }),
  rot: policy({ policy: 'rot' }),
  rot90: policy({ policy: 'rot90' }),
  d4: policy({ policy: 'd4' }),
  sum: policy({ policy: 'sum', k: 2, ownWeight: 4, repetitions: 16 }),
  'mixup-predicted': policy({ policy: 'mixup', partners: 'predicted', lambda: 0.5, repetitions: 16 }),
  'mixup-other': policy({ policy: 'mixup', partners: 'other', lambda: 0.5, repetitions: 16 }),
} as const;
export type PolicyName = keyof typeof policies;
export const policyNames = Object.keys(policies) as PolicyName[];

export const modes: Readonly<Record<AttackTta['mode'], string>> = {
  transfer: 'nothing: it attacks the bare model',
  eot: 'the policy, with draws of its own',
  known: 'the policy and its very draws',
};
export const modeNames = Object.keys(modes) as AttackTta['mode'][];
