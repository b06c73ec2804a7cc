// POST: submit a draft for evaluation.
import { z } from 'zod';
import { signedInViewerOf } from '@/lib/auth/session';
import { RequestError } from '@/lib/errors';
import { confirmDraft } from '@/lib/submissions/confirm';
import { bodyOf, json, respond } from '../respond';

const bodySchema = z.object({ draftId: z.string(), name: z.string(), declaredTta: z.string().max(100).nullish() });

export async function POST(request: Request): Promise<Response> {
  return respond(async () => {
    const viewer = await signedInViewerOf(request);
    const body = bodySchema.safeParse(await bodyOf(request));
    if (!body.success)
      throw new RequestError(
        400,
        'The body must be like {"draftId": "…", "name": "my model"}: the id is the one that POST /api/v1/drafts gave.',
      );
    const { submissionId } = await confirmDraft(viewer, body.data.draftId, { name: body.data.name, declaredTta: body.data.declaredTta });
    return json({ submissionId, url: `/submissions/${submissionId}` }, 201);
  });
}
