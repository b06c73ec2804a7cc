// GET: how a submission stands: status, progress, score, and the cells landed so far.
import { viewerOf } from '@/lib/auth/session';
import { resultsOf } from '@/lib/evaluations/results';
import { json, respond } from '../../respond';

type Context = { params: Promise<{ id: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const { submissionId, status, failure, notes, progress, score, cells } = await resultsOf(await viewerOf(request), (await params).id);
    return json({ submissionId, status, failure, notes, progress, score, cells });
  });
}
