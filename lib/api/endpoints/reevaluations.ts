// Running submissions again over the API, and deciding what becomes of it.
import { z } from 'zod';
import { contract } from '../contract.ts';
import { rank } from '../shapes/challenge.ts';
import { done, id, idAsked, metric, phaseKind, slug, time } from '../shapes/common.ts';

const base = '/api/v1/challenges/{slug}/reevaluations' as const;
const params = z.object({ slug });
const one = z.object({ slug, id: idAsked });
const staff = 'the staff of the challenge';
const instructor = 'an instructor of the challenge';

const summary = z
  .object({
    id, phase: phaseKind, reason: z.string(),
    protocol: z.string().meta({ description: 'Its name.' }),
    status: z.enum(['running', 'applied', 'cancelled']),
    by: z.string().nullable(),
    createdAt: time,
    decidedAt: time.nullable(),
    tally: z.object({ all: z.number(), finished: z.number(), failed: z.number(), unfinished: z.number(), left: z.number() })
      .meta({ description: 'Its evaluations by what became of them; `left` are those of the phase that are not in it.' }),
  })
  .meta({ id: 'Reevaluation' });

const entry = z.object({ submissionId: id, rank: rank.nullable(), scores: z.record(metric, z.number().nullable()) }).nullable();

export const list = contract('GET', base, {
  tag: 'Course', auth: 'required', standing: staff, params, refuses: [404],
  summary: 'Re-evaluations, the newest first',
  answers: z.object({ reevaluations: z.array(summary) }),
});

export const get = contract('GET', `${base}/{id}`, {
  tag: 'Course', auth: 'required', standing: staff, params: one, refuses: [404],
  summary: 'One re-evaluation: how far it is, and old beside new ranks',
  answers: summary.extend({
    share: z.number(),
    changes: z.boolean().meta({ description: 'Whether applying it changes the protocol or the kind of worker of the board.' }),
    newClass: z.boolean(),
    numericsClass: z.string().nullable(),
    missing: z.array(z.object({ text: z.string(), mayGoOn: z.boolean() })).meta({ description: 'What stands in the way of applying it.' }),
    failures: z.array(z.object({ submissionId: id, name: z.string(), by: z.string(), message: z.string() })),
    comparison: z.object({
      at: time, metric, changedCells: z.number(), sharedCells: z.number(),
      rows: z.array(z.object({
        name: z.string(), by: z.string(), baseline: z.boolean(), before: entry, after: entry,
        cells: z.object({ shared: z.number(), changed: z.number() }).nullable(),
      })),
    }).nullable().meta({ description: 'Null until all have ended and the boards have been compared.' }),
  }).meta({ id: 'ReevaluationDetail' }),
});

export const start = contract('POST', base, {
  tag: 'Course', auth: 'required', standing: instructor, params, refuses: [404, 409],
  summary: 'Run submissions again, beside their results',
  description: 'Behind all live work. No submission is made and no quota used; nothing changes before it is applied.',
  body: z
    .strictObject({
      phase: phaseKind.default('public'),
      which: z.union([z.enum(['all', 'failed']), z.array(idAsked).min(1).max(5000)]).meta({ description: 'All, those that failed by the platform’s fault, or the ones named.' }),
      reason: z.string().min(1).max(500).meta({ description: 'Shown to the students concerned.' }),
      protocol: z.strictObject({ name: z.string().max(100), own: z.string().max(500_000).optional() }).nullable().optional()
        .meta({ description: 'Another version: the name of a built-in one, or {"name": "own", "own": JSON text}. Without it the board’s own.' }),
      newClass: z.boolean().optional().meta({ description: 'Whether attacks move to the kind of whichever worker takes the first.' }),
    })
    .meta({ examples: [{ which: 'all', reason: 'A fault in the preflight is mended.' }] }),
  status: 201,
  answers: z.object({ id, submissions: z.number() }),
});

export const apply = contract('POST', `${base}/{id}/apply`, {
  tag: 'Course', auth: 'required', standing: instructor, params: one, refuses: [404, 409],
  summary: 'Make its results the current ones',
  body: z.strictObject({ anyway: z.boolean().optional().meta({ description: 'Although some failed.' }) }).meta({ examples: [{ anyway: true }] }),
  bodyOptional: true,
  answers: done,
});

export const cancel = contract('POST', `${base}/{id}/cancel`, {
  tag: 'Course', auth: 'required', standing: instructor, params: one, refuses: [404, 409],
  summary: 'End a re-evaluation without applying it',
  answers: done,
});
