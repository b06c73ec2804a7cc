// Drafts and submissions, as answers carry them.
import { z } from 'zod';
import type { Report } from '../../evaluation/report.ts';
import { trialSchema } from '../../evaluation/trial.ts';
import { rank, status } from './challenge.ts';
import { id, phaseKind, problem, sha256, slug, time } from './common.ts';
import { corruption, estimate, fullScore } from './score.ts';

const scaling = z.object({ scale: z.union([z.literal(1), z.literal(255)]), mean: z.number(), deviation: z.number() });

/** How pixels are to go in, as somebody asks for it. */
export const scalingAsked = z
  .strictObject({
    scale: z.union([z.literal(1), z.literal(255)]).default(1),
    mean: z.number().min(-1000).max(1000).default(0),
    deviation: z.number().positive().max(1000).default(1),
  })
  .meta({ description: 'The image x in [0, 1] becomes (x · scale − mean) / deviation.', examples: [{ scale: 1, mean: 0.286, deviation: 0.353 }] });

export const layoutAsked = z
  .enum(['N,1,28,28', 'N,28,28,1', 'N,28,28', 'N,784'] satisfies Report['layout'][])
  .meta({ description: 'The shape that images go in by, where the model leaves it open.', examples: ['N,1,28,28'] });

export const report = z
  .object({
    layout: z.string(),
    output: z.string(),
    scaling,
    batch: z.number().nullable(),
    parameters: z.number(),
    flopsPerImage: z.number(),
    operators: z.record(z.string(), z.number()),
    operatorsWithoutGradient: z.array(z.string()),
    maskingOperators: z.array(z.string()).optional(),
    layers: z
      .object({
        shown: z.array(z.object({ name: z.string(), operator: z.string(), output: z.array(z.number()), parameters: z.number(), flops: z.number() })),
        count: z.number(),
      })
      .optional()
      .meta({ description: 'The first steps from image to logits, and how many there are.' }),
    origin: z
      .object({ format: z.string(), producer: z.string().optional(), opset: z.number().optional(), irVersion: z.number().optional() })
      .optional()
      .meta({ description: 'What the file said of itself.' }),
    notes: z.array(z.string()).meta({ description: 'Sentences on what was recognised and what follows from it.' }),
  })
  .meta({ id: 'Report', description: 'What can be said of a model before it runs.' });

export const file = z.object({ name: z.string(), bytes: z.number(), sha256 });

export const failure = z
  .union([z.object({ blame: z.literal('student'), problem }), z.object({ blame: z.literal('platform'), message: z.string() })])
  .meta({ id: 'Failure', description: 'Whose fault it is. A failure that is the platform’s gives its place in the quota back.' });

export const figures = z.object({ mixed: estimate.nullable(), meanPerturbation: estimate.nullable(), robust: estimate.nullable(), clean: estimate.nullable() });

export const submissionSummary = z
  .object({
    submissionId: id,
    url: z.string().meta({ description: 'Its page, on this site.', examples: ['/submissions/5f0c7a3e-8f2b-4a9b-9f6e-0d4b8a1c2e3f'] }),
    challenge: slug,
    name: z.string(),
    by: z.string(),
    baseline: z.boolean(),
    declaredTta: z.string().nullable().meta({ description: 'The test-time augmentation policy whose results are ranked; null for the bare model.' }),
    submittedAt: time,
    late: z.boolean(),
    disqualified: z.object({ reason: z.string() }).nullable(),
    phase: phaseKind,
    status,
    failure: failure.nullable(),
    figures: figures.nullable(),
  })
  .meta({ id: 'SubmissionSummary' });

export const progress = z
  .object({
    share: z.number().meta({ description: 'Of the work, in [0, 1].' }),
    doneImages: z.number(),
    totalImages: z.number(),
    doneShards: z.number(),
    shards: z.number(),
    shardsAhead: z.number().meta({ description: 'Pieces of other submissions that run before its next one.' }),
    etaSeconds: z.number().nullable().meta({ description: 'Null when no worker lives or nothing is left to do.' }),
  })
  .meta({ id: 'Progress' });

const cell = z
  .object({
    trialId: z.string(),
    trial: trialSchema.meta({ id: 'Trial', description: 'One thing that is measured.' }),
    total: z.number(),
    correct: z.number(),
    confusion: z.array(z.number()).meta({ description: '10 x 10 counts by rows: true class, predicted class.' }),
    seconds: z.number(),
    engine: z.string(),
    device: z.string(),
    diagnostics: z.record(z.string(), z.union([z.number(), z.array(z.number())])),
  })
  .meta({ id: 'Cell', description: 'The outcome of one trial.' });

export const submissionDetail = submissionSummary
  .omit({ figures: true })
  .extend({
    comment: z.string().nullable().meta({ description: 'Its student’s own words on it.' }),
    team: z.string().nullable().meta({ description: 'The team whose quota it used; null for a student alone.' }),
    chosenAt: time.nullable().meta({ description: 'When it was last chosen as the one that counts.' }),
    tier: z.enum(['headline', 'full']).meta({ description: '`headline` as long as only clean and mixed are run.' }),
    phases: z.array(phaseKind).meta({ description: 'Those it has been entered into.' }),
    files: z.array(file),
    modelSha256: sha256,
    report,
    notes: z.array(z.string()).meta({ description: 'What a first look at its answers said.' }),
    finishedAt: time.nullable(),
    rank: rank.extend({ of: z.number() }).nullable().meta({ description: 'Null for one that is not (yet) the one that counts.' }),
    progress,
    score: fullScore.nullable(),
    corruption: corruption.nullable(),
    cells: z.array(cell).meta({ description: 'Those that have landed, most wanted first.' }),
  })
  .meta({ id: 'Submission' });
