// What was measured: figures with their intervals, as answers carry them. The routes' types hold them to what computes them.
import { z } from 'zod';
import { metric } from './common.ts';

export const estimate = z
  .object({ value: z.number(), low: z.number(), high: z.number(), images: z.number() })
  .meta({ id: 'Estimate', description: 'A figure with its 95 % interval, and on how many images. Accuracies in [0, 1].' });

const figure = estimate.nullable();
const columns = z.object({ mixed: figure, meanPerturbation: figure, robust: figure, clean: figure });

const rung = z.object({ norm: z.enum(['linf', 'l2']), epsilon: z.number(), worst: estimate }).meta({ id: 'Rung', description: 'Worst case over the attacks of one radius.' });
const severity = z.object({ severity: z.number(), accuracy: z.number(), images: z.number() });
const policy = z
  .object({
    clean: figure,
    mixed: figure,
    attacks: z.array(z.object({ norm: z.enum(['linf', 'l2']), epsilon: z.number(), modes: z.record(z.string(), figure), worst: figure })),
    spread: z.object({ draws: z.number(), mean: z.number(), sd: z.number(), images: z.number() }).optional(),
  })
  .meta({ id: 'PolicyScore', description: 'Accuracy under one test-time augmentation policy.' });

const score = z.object({
  version: z.literal(2),
  clean: figure,
  mixed: figure,
  meanPerturbation: figure,
  robust: figure,
  declared: z.string().optional().meta({ description: 'The test-time augmentation policy that the columns are measured under.' }),
  bare: columns.optional(),
  notRanked: z.partialRecord(metric, z.string()).optional().meta({ description: 'Columns that it is not ranked by, and why.' }),
  ladder: z.array(rung),
  ladderL2: z.array(rung),
  robustL2: figure,
  notAttacked: z.string().optional(),
  families: z.record(z.string(), estimate),
  perturbations: z.array(
    z.object({ perturbation: z.string(), family: z.string().nullable(), scored: z.boolean(), severities: z.array(severity), mean: figure }),
  ),
  worstPerturbation: z.object({ perturbation: z.string(), ...estimate.shape }).nullable(),
  ttaGain: z.record(z.string(), estimate),
  policies: z.record(z.string(), policy),
  flags: z.array(z.object({ id: z.string(), seen: z.record(z.string(), z.number()), sentence: z.string() })),
  checked: z.array(z.string()),
});

export const fullScore = score.meta({ id: 'Score', description: 'Every figure of a submission; null until what stands behind it has landed.' });
export const boardScore = score.omit({ perturbations: true, policies: true }).meta({ id: 'BoardScore', description: 'A score without its breakdowns.' });

const ratio = z.object({ ce: estimate, relative: figure });
export const corruption = z
  .object({ mce: estimate, relativeMce: figure, perturbations: z.record(z.string(), ratio) })
  .meta({ id: 'CorruptionError', description: 'mCE and relative mCE against the phase’s reference CNN, times 100: less is better.' });

const difference = {
  first: z.number(),
  second: z.number(),
  difference: estimate,
  p: z.number(),
  bootstrap: z.object({ low: z.number(), high: z.number() }).optional(),
  mcnemar: z.object({ onlyFirst: z.number(), onlySecond: z.number(), exact: z.number(), midP: z.number() }).optional(),
};
const paired = z.object(difference).meta({ id: 'Difference', description: 'First minus second on the images both saw, with a two-sided p.' });
export const comparison = z.object({
  columns: z.object({ mixed: paired.nullable(), meanPerturbation: paired.nullable(), robust: paired.nullable(), clean: paired.nullable() }),
  perturbations: z.array(z.object({ perturbation: z.string(), differs: z.boolean(), ...difference })),
  ladder: z.array(z.object({ epsilon: z.number(), ...difference })),
  corruption: z.object({ first: z.number(), second: z.number(), difference: estimate }).nullable().meta({ description: 'mCE, times 100: less is better.' }),
  cells: z
    .array(
      z.object({
        trialId: z.string(), perturbation: z.string(), severity: z.number(), first: z.number(), second: z.number(), difference: z.number(),
        images: z.number(), mcnemar: difference.mcnemar,
      }),
    )
    .meta({ description: 'Every perturbation and severity. What only one gets right is counted for staff, and for everybody once the seed is published.' }),
});
