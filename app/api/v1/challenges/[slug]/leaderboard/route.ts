// GET: the leaderboard as data, of the public phase or with ?phase=final; filtered and sorted as its page can be.
import { challenges } from '@/lib/api';
import { sortKeys, type BoardAsk } from '@/lib/leaderboard/arrange';
import { board } from '@/lib/leaderboard/board';
import { endpoint } from '../../../endpoint';
import { linkToNext } from '../../../pages';

export const GET = endpoint(challenges.leaderboard, async ({ request, viewer, params, query, headers }) => {
  const { phase, offset, limit, q: search, sort, mine, ...filters } = query;
  const ask: BoardAsk = { ...filters, search, mine: mine === '1', sort: sortingOf(sort) };
  const { challenge, rows, total } = await board(viewer, params.slug, phase, ask, { offset, limit });
  const end = offset + limit;
  if (end < total) headers.set('Link', linkToNext(request, { offset: String(end) }));
  return { challenge: challenge.slug, phase, primaryMetric: challenge.primaryMetric, total, rows };
});

/** A column, with a minus for the largest first. */
function sortingOf(sort: string | undefined): BoardAsk['sort'] {
  const key = sortKeys.find((one) => one === sort?.replace('-', ''));
  return key ? { key, descending: sort!.startsWith('-') } : null;
}
