// POST, by an instructor: publish the seed of a phase, for ever. The body may be {"anyway": true} (see the verb).
import { course } from '@/lib/api';
import { revealPhase } from '@/lib/challenges/reveal';
import { endpoint } from '../../../../../endpoint';
import { phaseOf } from '../../../../present';

export const POST = endpoint(course.reveal, async ({ viewer, params: { slug, kind }, body }) => {
  return { challenge: slug, ...phaseOf(await revealPhase(viewer, slug, kind, body)) };
});
