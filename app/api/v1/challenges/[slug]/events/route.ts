// GET: server-sent events, one `board` each time a board of the challenge changed. What changed is read elsewhere.
import { challenges } from '@/lib/api';
import { admitted } from '@/lib/challenges/standing';
import { boardNews } from '@/lib/leaderboard/board-news';
import { endpoint } from '../../../endpoint';
import { eventStream } from '../../../event-stream';

export const GET = endpoint(challenges.events, async ({ request, viewer, params }) => {
  const { challenge } = await admitted(viewer, params.slug);
  return eventStream('board', (signal) => boardNews(challenge.id, signal), request.signal);
});
