// GET: the signed receipt of a submission, of the public phase or with ?phase=final, for `gauntlet verify`.
import { viewerOf } from '@/lib/auth/session';
import { receiptOf } from '@/lib/evaluations/receipt';
import { phaseAsked } from '../../../phase';
import { json, respond } from '../../../respond';

type Context = { params: Promise<{ id: string }> };

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const phase = phaseAsked(request);
    const { id } = await params;
    const response = json(await receiptOf(await viewerOf(request), id, phase));
    response.headers.set('Content-Disposition', `attachment; filename="receipt-${phase}-${id.slice(0, 8)}.json"`);
    return response;
  });
}
