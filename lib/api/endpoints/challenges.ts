// Reading challenges over the API: what is open, boards, seeds, training data.
import { z } from 'zod';
import type { SortKey } from '../../leaderboard/arrange.ts';
import { contract } from '../contract.ts';
import { boardRow, challengeDetail, challengeSummary, phase, standing } from '../shapes/challenge.ts';
import { done, id, metric, phaseAsked, phaseKind, sha256, slug, time } from '../shapes/common.ts';

/** What a board can be sorted by. */
const sortKeys = ['mixed', 'meanPerturbation', 'robust', 'clean', 'mce', 'tta', 'worst', 'parameters', 'submitted', 'name'] as const satisfies readonly SortKey[];
const params = z.object({ slug });
const base = '/api/v1/challenges' as const;
const read = 'anybody, or its members where it is for them only';

export const listChallenges = contract('GET', base, {
  tag: 'Challenges', auth: 'optional',
  summary: 'All challenges that you may see',
  answers: z.object({
    challenges: z.array(challengeSummary.extend({ standing, extendedUntil: time.nullable().meta({ description: 'Your own later deadline.' }) })),
  }),
});

export const getChallenge = contract('GET', `${base}/{slug}`, {
  tag: 'Challenges', auth: 'optional', standing: read, params, refuses: [404],
  summary: 'One challenge: rules, protocol, phases, and what you may still do',
  answers: challengeDetail,
});

export const leaderboard = contract('GET', `${base}/{slug}/leaderboard`, {
  tag: 'Challenges', auth: 'optional', standing: read, params, refuses: [404],
  summary: 'The leaderboard',
  description: 'One row a student and one a baseline: ranked ones in order, then those without the primary metric, newest first; or those that are asked for, in the order asked for.',
  query: phaseAsked.extend({
    q: z.string().max(100).default('').meta({ description: 'Words that are all in the name shown or the model’s.' }),
    sort: z.string().regex(new RegExp(`^-?(${sortKeys.join('|')})$`)).optional().meta({ description: 'A column, with a minus for the largest first. Without it, the board’s own order.', examples: ['-robust'] }),
    mine: z.literal('1').optional().meta({ description: 'Only your own row, or your team’s.' }),
    baselines: z.enum(['shown', 'hidden', 'only']).default('shown'),
    tta: z.enum(['any', 'declared', 'none']).default('any').meta({ description: 'By whether a test-time augmentation was declared.' }),
    gradient: z.enum(['any', 'with', 'without']).default('any').meta({ description: 'By whether the model has a gradient.' }),
    offset: z.coerce.number().int().min(0).max(100_000).default(0).meta({ description: 'Rows to leave out.' }),
    limit: z.coerce.number().int().min(1).max(1000).default(1000).meta({ description: 'At most so many rows.' }),
  }),
  answers: z.object({ challenge: slug, phase: phaseKind, primaryMetric: metric, total: z.number().meta({ description: 'Rows of the whole board, or those that were asked for.' }), rows: z.array(boardRow) }),
});

export const events = contract('GET', `${base}/{slug}/events`, {
  tag: 'Challenges', auth: 'optional', standing: read, params, refuses: [404],
  summary: 'Server-sent events while a board changes',
  description: 'An event `board` when the stream begins and each time something of the challenge’s boards changed, at most one a second, with how many hear it (`watching`) and the first with how often the boards have changed (`version`); what changed is read from the leaderboard.',
  answers: null, type: 'text/event-stream', answerDescription: 'The stream.',
});

export const join = contract('POST', `${base}/{slug}/join`, {
  tag: 'Challenges', auth: 'required', scope: 'submit', params, refuses: [404, 409],
  summary: 'Become a student of a challenge',
  description: 'A public challenge needs no code, and joining one happens by itself with the first upload.',
  body: z.strictObject({ code: z.string().max(200).optional().meta({ description: 'The challenge’s, or your own of the class list.' }) }).meta({ examples: [{ code: 'K7QF-M2XD-9T' }] }),
  bodyOptional: true,
  answers: done,
});

const announcement = z.object({ id, title: z.string(), body: z.string().meta({ description: 'Markdown.' }), by: z.string().nullable(), at: time });

export const announcements = contract('GET', `${base}/{slug}/announcements`, {
  tag: 'Challenges', auth: 'optional', standing: read, params, refuses: [404],
  summary: 'What the staff has announced, the newest first',
  answers: z.object({ announcements: z.array(announcement) }),
});

export const phases = contract('GET', `${base}/{slug}/phases`, {
  tag: 'Challenges', auth: 'optional', standing: read, params, refuses: [404],
  summary: 'What was promised of the seeds, and those that are revealed',
  answers: z.object({ challenge: slug, phases: z.array(phase) }),
});

const made = z.object({ bytes: z.number(), sha256 }).nullable().meta({ description: 'Null until somebody has asked for it.' });
const recipe = z.object({
  version: z.literal(1),
  split: z.enum(['train', 'test']),
  images: z.number(),
  seed: z.string(),
  kinds: z.array(z.string()),
  severities: z.array(z.number()),
});

export const trainingData = contract('GET', `${base}/{slug}/training-data`, {
  tag: 'Challenges', auth: 'optional', standing: read, params, refuses: [404],
  summary: 'The perturbed training set: what it is made of, and its files',
  answers: z.object({
    challenge: slug, recipe,
    files: z.array(z.object({ format: z.string(), name: z.string(), url: z.string(), made })),
  }),
});

export const trainingFile = contract('GET', `${base}/{slug}/training-data/{file}`, {
  tag: 'Challenges', auth: 'optional', standing: read, refuses: [404],
  params: params.extend({ file: z.string().max(200).meta({ description: 'Its name.', examples: ['perturbed-train.npz'] }) }),
  query: z.object({ of: z.string().max(100).optional().meta({ description: 'Id of its recipe: with it the file never changes.' }) }),
  summary: 'One file of the training set',
  description: 'Whole or in part: `Range`, `If-Range` and `If-None-Match` are heeded. The first to ask for one waits while it is made.',
  answers: null, type: 'application/octet-stream', answerDescription: 'The file.',
  others: [
    { status: 206, description: 'The part asked for.', schema: null, type: 'application/octet-stream' },
    { status: 304, description: 'You have it already.', schema: null, type: '' },
    { status: 416, description: 'The part asked for is not in the file.', schema: null, type: '' },
  ],
});
