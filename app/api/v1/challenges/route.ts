// GET: all challenges.
import { challenges } from '@/lib/api';
import { listChallenges } from '@/lib/challenges/challenges';
import { summaryOf } from './present';
import { endpoint } from '../endpoint';

export const GET = endpoint(challenges.listChallenges, async () => ({ challenges: (await listChallenges()).map(summaryOf) }));
