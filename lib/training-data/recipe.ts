// What a perturbed training set is made of, as data: equal recipes make equal bytes, on every machine. Knows no pixels.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Protocol } from '../evaluation/trial.ts';
import { coreKinds, isPerturbation, type Kind, kinds } from '../perturbations/index.ts';
import { severities } from '../perturbations/perturb.ts';

const splitSizes = { train: 60_000, test: 10_000 } as const;

const distinct = <T>(values: readonly T[]) => new Set(values).size === values.length;

export const recipeSchema = z
  .strictObject({
    /** Grows when the same recipe would make other bytes; published sets keep their names. */
    version: z.literal(1),
    split: z.enum(['train', 'test']),
    /** The first so many images of the split. */
    images: z.int().min(1).max(60_000),
    /** Any text, public. */
    seed: z.string().min(1).max(300),
    /** What an image's kind is drawn from, and what the stored numbers mean. */
    kinds: z.array(z.custom<Kind>((name) => typeof name === 'string' && isPerturbation(name))).min(1).refine(distinct),
    severities: z.array(z.int().min(1).max(5)).min(1).refine(distinct),
  })
  .refine(({ split, images }) => images <= splitSizes[split]);
export type Recipe = z.infer<typeof recipeSchema>;

/** Text of a challenge's training seed. It follows from the public slug alone, so it tells nothing of the secret seeds. */
export function trainingSeed(slug: string): string {
  return `gauntlet-training|${slug}`;
}

/** Kinds that a protocol scores, in the order of the table: those of its perturbation trials, and the 18 of a mixed trial. */
export function kindsOf(protocol: Pick<Protocol, 'trials'>): Kind[] {
  const measured = new Set<string>();
  for (const trial of protocol.trials) {
    if (trial.kind === 'perturbation' && trial.scored !== false) measured.add(trial.perturbation);
    else if (trial.kind === 'mixed') for (const kind of coreKinds) measured.add(kind);
  }
  return kinds.filter((kind) => measured.has(kind));
}

type Choices = { seed: string; kinds: readonly Kind[]; severities?: readonly number[]; split?: Recipe['split']; first?: number };

/** The recipe of the whole train split at all severities, but for what `choices` says. */
export function recipeOf({ seed, kinds: of, severities: at = severities, split = 'train', first = splitSizes[split] }: Choices): Recipe {
  return { version: 1, split, images: first, seed, kinds: [...of], severities: [...at] };
}

/** Name of a recipe's bytes: 16 hex digits of the SHA-256 of its fields in a fixed order. */
export function recipeId({ version, split, images, seed, kinds: of, severities: at }: Recipe): string {
  return createHash('sha256').update(JSON.stringify([version, split, images, seed, of, at])).digest('hex').slice(0, 16);
}
