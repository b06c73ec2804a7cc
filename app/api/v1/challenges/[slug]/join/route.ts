// POST: become a student of the challenge, by a code where one is needed.
import { challenges } from '@/lib/api';
import { joinChallenge } from '@/lib/challenges/join';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(challenges.join, async ({ viewer, params, body }) => {
  await joinChallenge(viewer, params.slug, body?.code);
  return { done: true };
});
