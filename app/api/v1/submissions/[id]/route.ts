// GET: how a submission stands, in the public phase or with ?phase=final: status, progress, score, and the cells landed so far.
import { viewerOf } from '@/lib/auth/session';
import { resultsOf } from '@/lib/evaluations/results';
import { phaseAsked } from '../../phase';
import { json, respond } from '../../respond';

type Context = { params: Promise<{ id: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const results = await resultsOf(await viewerOf(request), (await params).id, phaseAsked(request));
    const { submissionId, status, failure, notes, progress, score, corruption, cells } = results;
    return json({ submissionId, status, failure, notes, progress, score, corruption, cells });
  });
}
