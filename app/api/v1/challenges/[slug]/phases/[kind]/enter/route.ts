// POST, by an instructor: enter what counts into the final phase. The body may be {"anyway": true} (see the verb).
import { signedInViewerOf } from '@/lib/auth/session';
import { RequestError } from '@/lib/errors';
import { enterFinal } from '@/lib/evaluations/enter-final';
import { phaseKind } from '../../../../../phase';
import { json, respond } from '../../../../../respond';
import { anywayOf } from '../anyway';

type Context = { params: Promise<{ slug: string; kind: string }> };

export async function POST(request: Request, { params }: Context): Promise<Response> {
  return respond(async () => {
    const viewer = await signedInViewerOf(request);
    const { slug, kind } = await params;
    if (phaseKind(kind) !== 'final') {
      throw new RequestError(400, 'Submissions enter the public phase by themselves; only the final phase is entered so.');
    }
    return json(await enterFinal(viewer, slug, await anywayOf(request)));
  });
}
