// What the staff of a challenge does over the API.
import { z } from 'zod';
import { contract } from '../contract.ts';
import { phase } from '../shapes/challenge.ts';
import { phaseKind, slug } from '../shapes/common.ts';

const base = '/api/v1/challenges/{slug}' as const;
const anyway = z
  .strictObject({ anyway: z.boolean().optional().meta({ description: 'Although the platform would rather wait.' }) })
  .meta({ examples: [{ anyway: true }] });
const ofPhase = z.object({ slug, kind: phaseKind });

export const reveal = contract('POST', `${base}/phases/{kind}/reveal`, {
  tag: 'Course', auth: 'required', standing: 'an instructor of the challenge', params: ofPhase, body: anyway, bodyOptional: true, refuses: [404, 409],
  summary: 'Publish the seed of a phase, for ever',
  answers: z.object({ challenge: slug, ...phase.shape }),
});

export const enterFinal = contract('POST', `${base}/phases/{kind}/enter`, {
  tag: 'Course', auth: 'required', standing: 'an instructor of the challenge', body: anyway, bodyOptional: true, refuses: [404, 409],
  params: z.object({ slug, kind: z.literal('final').meta({ description: 'Submissions enter the public phase by themselves.' }) }),
  summary: 'Enter what counts into the final phase',
  answers: z.object({ entered: z.number(), already: z.number(), failed: z.number().meta({ description: 'Left out because they failed without a score.' }) }),
});
