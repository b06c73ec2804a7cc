// GET: the leaderboard as data.
import { viewerOf } from '@/lib/auth/session';
import { board } from '@/lib/leaderboard/board';
import { json, respond } from '../../../respond';

type Context = { params: Promise<{ slug: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { challenge, phase, rows } = await board(await viewerOf(request), (await params).slug);
    return json({ challenge: challenge.slug, phase, primaryMetric: challenge.primaryMetric, rows });
  });
}
