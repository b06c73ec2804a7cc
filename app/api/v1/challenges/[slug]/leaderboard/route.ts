// GET: the leaderboard as data, of the public phase or with ?phase=final.
import { challenges } from '@/lib/api';
import { board } from '@/lib/leaderboard/board';
import { endpoint } from '../../../endpoint';
import { linkToNext } from '../../../pages';

export const GET = endpoint(challenges.leaderboard, async ({ request, viewer, params, query: { phase, offset, limit }, headers }) => {
  const { challenge, rows } = await board(viewer, params.slug, phase);
  const end = offset + limit;
  if (end < rows.length) headers.set('Link', linkToNext(request, { offset: String(end) }));
  return { challenge: challenge.slug, phase, primaryMetric: challenge.primaryMetric, total: rows.length, rows: rows.slice(offset, end) };
});
