// GET: what was promised of the seeds of a challenge, and those that are revealed.
import { challenges } from '@/lib/api';
import { admitted } from '@/lib/challenges/standing';
import { endpoint } from '../../../endpoint';
import { phaseOf } from '../../present';

export const GET = endpoint(challenges.phases, async ({ viewer, params }) => {
  const { challenge } = await admitted(viewer, params.slug);
  return { challenge: challenge.slug, phases: challenge.phases.map(phaseOf) };
});
