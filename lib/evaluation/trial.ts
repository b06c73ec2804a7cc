// What can be measured, as data. A trial names one measurement; a protocol is a list of them. Knows no engine.
import { z } from 'zod';

const count = z.int().min(1);

/** Which images: the first N of a split in file order, or N drawn class-balanced from the seed (all, when N is the split's size). */
export const imageChoiceSchema = z.union(
  [
    z.strictObject({ split: z.enum(['test', 'train']), first: count.max(60_000) }),
    z.strictObject({ split: z.enum(['test', 'train']), size: count.max(60_000) }),
  ],
  { error: 'wanted {"split": "test" or "train", "first": N} (file order) or {"split": …, "size": N} (drawn from the seed)' },
);
export type ImageChoice = z.infer<typeof imageChoiceSchema>;

/** Test-time augmentation policies (spec 4). */
export const ttaSchema = z.discriminatedUnion('policy', [
  z.strictObject({ policy: z.literal('shift') }),
  z.strictObject({
    policy: z.literal('sum'),
    k: z.int().min(2).max(16),
    ownWeight: z.number().positive().max(64),
    repetitions: z.int().min(1).max(256),
  }),
]);
export type Tta = z.infer<typeof ttaSchema>;

const common = { images: imageChoiceSchema.optional(), tta: ttaSchema.optional() };

export const attackNames = ['fgsm', 'bim', 'mim', 'pgd'] as const;
export type AttackName = (typeof attackNames)[number];

const steps = { stepSize: z.number().positive().max(1), steps: count.max(1000) };
const countRule = z.enum(['last', 'any']);
const budget = { norm: z.enum(['linf']), epsilon: z.number().positive().max(1) };

const attackSchema = z.discriminatedUnion('attack', [
  z.strictObject({ kind: z.literal('attack'), attack: z.literal('fgsm'), ...budget, ...common }),
  z.strictObject({ kind: z.literal('attack'), attack: z.literal('bim'), ...budget, ...steps, count: countRule.default('last'), ...common }),
  z.strictObject({
    kind: z.literal('attack'), attack: z.literal('mim'), ...budget, ...steps,
    momentum: z.number().min(0).max(10).default(1), randomStart: z.boolean().default(false), count: countRule.default('last'), ...common,
  }),
  z.strictObject({
    kind: z.literal('attack'), attack: z.literal('pgd'), ...budget, ...steps,
    randomStart: z.boolean().default(true), restarts: z.int().min(1).max(100).default(1), count: countRule.default('last'), ...common,
  }),
]);
export type AttackTrial = z.infer<typeof attackSchema>;

export const trialSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clean'), ...common }),
  z.strictObject({ kind: z.literal('mixed'), ...common }),
  z.strictObject({ kind: z.literal('perturbation'), perturbation: z.string(), severity: z.int().min(1).max(5), ...common }),
  attackSchema,
]);
export type Trial = z.infer<typeof trialSchema>;

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
