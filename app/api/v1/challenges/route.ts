// GET: the challenges that the viewer may see.
import { challenges } from '@/lib/api';
import { challengesFor } from '@/lib/challenges/list';
import { summaryOf } from './present';
import { endpoint } from '../endpoint';

export const GET = endpoint(challenges.listChallenges, async ({ viewer }) => {
  const listed = await challengesFor(viewer);
  return { challenges: listed.map(({ challenge, standing, extendedUntil }) => ({ ...summaryOf(challenge), standing, extendedUntil })) };
});
