// GET: the leaderboard as data, of the public phase or with ?phase=final.
import { viewerOf } from '@/lib/auth/session';
import { board } from '@/lib/leaderboard/board';
import { phaseAsked } from '../../../phase';
import { json, respond } from '../../../respond';

type Context = { params: Promise<{ slug: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { challenge, phase, rows } = await board(await viewerOf(request), (await params).slug, phaseAsked(request));
    return json({ challenge: challenge.slug, phase, primaryMetric: challenge.primaryMetric, rows });
  });
}
