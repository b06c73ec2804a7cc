// GET: one challenge, with what the viewer is in it and may still do.
import { challenges } from '@/lib/api';
import { admitted } from '@/lib/challenges/standing';
import { allowance } from '@/lib/submissions/allowance';
import { endpoint } from '../../endpoint';
import { phaseOf, summaryOf } from '../present';

export const GET = endpoint(challenges.getChallenge, async ({ viewer, params }) => {
  const { challenge, standing } = await admitted(viewer, params.slug);
  const { rules, policy, protocol, phases } = challenge;
  const allowed = viewer && (await allowance(viewer, challenge, new Date(), { standing }));
  return { ...summaryOf(challenge), rules, policy, protocol, phases: phases.map(phaseOf), standing, allowance: allowed };
});
