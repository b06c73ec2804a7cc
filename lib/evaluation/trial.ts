// What can be measured, as data. A trial names one measurement; a protocol is a list of them. Knows no engine.
import { z } from 'zod';

const count = z.int().min(1);
const splits = z.enum(['test', 'train', 'all']);

/** Which images: the first N of a split in file order, or N drawn class-balanced from the seed (all, when N is the split's size). */
export const imageChoiceSchema = z.union(
  [z.strictObject({ split: splits, first: count.max(70_000) }), z.strictObject({ split: splits, size: count.max(70_000) })],
  { error: 'wanted {"split": "test", "train" or "all", "first": N} (file order) or {"split": …, "size": N} (drawn from the seed)' },
);
export type ImageChoice = z.infer<typeof imageChoiceSchema>;

const repetitions = z.int().min(1).max(256);

/** Test-time augmentation policies (spec 4). The geometric ones are deterministic; `sum` and `mixup` draw partners from the train split. */
const policies = [
  z.strictObject({ policy: z.literal('hflip') }),
  z.strictObject({ policy: z.literal('shift') }),
  z.strictObject({ policy: z.literal('rot') }),
  z.strictObject({ policy: z.literal('rot90') }),
  z.strictObject({ policy: z.literal('d4') }),
  z.strictObject({ policy: z.literal('sum'), k: z.int().min(2).max(16), ownWeight: z.number().positive().max(64), repetitions }),
  /** Mixup inference with partners of the predicted label (PL) or of another (OL); `lambda` is the image's own weight. */
  z.strictObject({ policy: z.literal('mixup'), partners: z.enum(['predicted', 'other']), lambda: z.number().gt(0).lt(1), repetitions }),
] as const;
export const ttaSchema = z.discriminatedUnion('policy', policies);
export type Tta = z.infer<typeof ttaSchema>;

/**
 * What an attack knows of the policy (spec 2.9): `transfer` attacks the bare model, `eot` the policy with `attackDraws` fresh
 * draws a step, `known` the policy with the evaluation's own draws. For a deterministic policy, `eot` is `known`.
 */
const knowledge = { mode: z.enum(['transfer', 'eot', 'known']), attackDraws: z.int().min(1).max(256).default(8) };
const attackTtaSchema = z.discriminatedUnion('policy', [
  policies[0].extend(knowledge), policies[1].extend(knowledge), policies[2].extend(knowledge), policies[3].extend(knowledge),
  policies[4].extend(knowledge), policies[5].extend(knowledge), policies[6].extend(knowledge),
]);
export type AttackTta = z.infer<typeof attackTtaSchema>;

/** `"scored": false` measures and shows a trial without counting it in any column. */
const common = { images: imageChoiceSchema.optional(), scored: z.literal(false).optional() };
const natural = { ...common, tta: ttaSchema.optional() };

export const attackNames = [
  'fgsm', 'bim', 'mim', 'pgd', 'apgd-ce', 'apgd-dlr', 'apgd-t', 'square', 'ensemble', 'noise', 'transfer',
] as const;
export type AttackName = (typeof attackNames)[number];

const epsilon = z.number().positive();
const linf = { kind: z.literal('attack'), norm: z.enum(['linf']), epsilon: epsilon.max(1), ...common, tta: attackTtaSchema.optional() };
/** L2 radii of 784 pixels in [0, 1] end at 28. */
const anyNorm = { ...linf, norm: z.enum(['linf', 'l2']), epsilon: epsilon.max(28) };
const steps = { stepSize: epsilon.max(28), steps: count.max(1000) };
const countRule = z.enum(['last', 'any']);
const restarts = z.int().min(1).max(100).default(1);
/** APGD: its own step size and starts (spec 2.6). */
const auto = { ...anyNorm, steps: count.max(1000).default(100), restarts };
const targets = z.int().min(1).max(9).default(9);
const queries = z.int().min(1).max(100_000);

const attackSchema = z.discriminatedUnion('attack', [
  z.strictObject({ attack: z.literal('fgsm'), ...linf }),
  z.strictObject({ attack: z.literal('bim'), ...linf, ...steps, count: countRule.default('last') }),
  z.strictObject({
    attack: z.literal('mim'), ...linf, ...steps,
    momentum: z.number().min(0).max(10).default(1), randomStart: z.boolean().default(false), count: countRule.default('last'),
  }),
  z.strictObject({
    attack: z.literal('pgd'), ...anyNorm, ...steps, loss: z.enum(['cross-entropy', 'dlr', 'margin']).optional(),
    randomStart: z.boolean().default(true), restarts, count: countRule.default('last'),
  }),
  z.strictObject({ attack: z.literal('apgd-ce'), ...auto }),
  z.strictObject({ attack: z.literal('apgd-dlr'), ...auto }),
  z.strictObject({ attack: z.literal('apgd-t'), ...auto, targets }),
  z.strictObject({ attack: z.literal('square'), ...linf, queries }),
  /** The cascade of AutoAttack without FAB, each on what is still robust: APGD-CE, APGD-T, Square. */
  z.strictObject({ attack: z.literal('ensemble'), ...linf, steps: count.max(1000).default(100), targets, queries }),
  /** No search at all: one uniform draw of the ball (check M10). */
  z.strictObject({ attack: z.literal('noise'), ...linf }),
  /** PGD from the image on the reference CNN, judged on this model (check M9). */
  z.strictObject({ attack: z.literal('transfer'), ...linf, ...steps }),
]);
export type AttackTrial = z.infer<typeof attackSchema>;

/** Attacks that ask for nothing but answers, so that a model without gradient meets them too; `ensemble` is then Square alone. */
const withoutOwnGradient: readonly AttackName[] = ['square', 'ensemble', 'noise', 'transfer'];

export const trialSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clean'), ...natural }),
  z.strictObject({ kind: z.literal('mixed'), ...natural }),
  z.strictObject({ kind: z.literal('perturbation'), perturbation: z.string(), severity: z.int().min(1).max(5), ...natural }),
  /** Clean images, looked at for what the masking checks ask: equal answers to equal calls, gradients that tell the truth. */
  z.strictObject({ kind: z.literal('probe'), ...common, tta: z.undefined().optional() }),
  attackSchema,
]);
export type Trial = z.infer<typeof trialSchema>;

/** Whether a trial cannot be run on a model without an input gradient. A policy attacked through its own gradient needs one. */
export function needsGradient(trial: Trial): boolean {
  return trial.kind === 'attack' && !withoutOwnGradient.includes(trial.attack);
}

export const protocolSchema = z.strictObject({
  name: z.string().min(1).max(100),
  /** Any text; a hidden phase's seed never stands here. */
  seed: z.string().min(1).max(200).optional(),
  /** Default for trials without their own. */
  images: imageChoiceSchema.default({ split: 'test', size: 10_000 }),
  trials: z.array(trialSchema).min(1).max(1000),
});
/** A frozen list of trials. A changed number is a new name. */
export type Protocol = z.infer<typeof protocolSchema>;
