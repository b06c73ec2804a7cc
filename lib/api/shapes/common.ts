// The small things that answers are made of.
import { z } from 'zod';

export const id = z.string().meta({ description: 'A UUID.', format: 'uuid', examples: ['5f0c7a3e-8f2b-4a9b-9f6e-0d4b8a1c2e3f'] });
/** Of a path: what is no UUID names nothing, and is answered with 404. */
export const idAsked = z.string().min(1).max(100).meta({ description: 'Its id.', format: 'uuid', examples: ['5f0c7a3e-8f2b-4a9b-9f6e-0d4b8a1c2e3f'] });
export const slug = z.string().min(1).max(100).meta({ description: 'The last part of the challenge’s address.', examples: ['fashion-mnist'] });
export const time = z.string().meta({ description: 'ISO 8601 in UTC.', format: 'date-time', examples: ['2027-01-31T22:59:00.000Z'] });
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/).meta({ description: 'SHA-256, hex.' });

export const phaseKind = z.enum(['public', 'final']).meta({ description: '`public`: scored while the challenge is open. `final`: on other images, after the deadline.' });
/** As a parameter of the address. */
export const phaseAsked = z.object({ phase: phaseKind.default('public') });

export const metric = z.enum(['mixed', 'meanPerturbation', 'robust', 'clean']).meta({ description: 'A column that a board can be ranked by.' });

export const flag = z.enum(['true', 'false']).transform((word) => word === 'true');

export const problem = z
  .object({ code: z.string(), found: z.string(), wanted: z.string(), fix: z.string(), snippet: z.string().optional() })
  .meta({ id: 'Problem', description: 'Why a model cannot be taken: what was found, what is wanted, how to fix it, and lines to paste.' });

export const error = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'Stable, for programs.', examples: ['not-found'] }),
      message: z.string().meta({ description: 'For people: what was wanted, what was found, what to do.' }),
      requestId: z.string().meta({ description: 'As in `X-Request-Id`. Name it when you ask your instructor what went wrong.' }),
    }),
    problem: problem.optional(),
  })
  .meta({ id: 'Error', description: 'Every refusal.' });

/** A page of a list, and where the next one begins. */
export const page = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'Give it as `after` for the next page; null on the last. Also as the `Link` header with rel="next".' }),
  });

/** How much of a list, and from where. */
export const paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'At most so many.' }),
  after: z.string().regex(/^\d{1,18}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'wanted the "next" of an earlier page').optional().meta({ description: 'The `next` of the page before.' }),
});

/** Of what is only done. */
export const done = z.object({ done: z.boolean().meta({ description: 'True.' }) }).meta({ id: 'Done' });
