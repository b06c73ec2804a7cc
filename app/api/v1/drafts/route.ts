// POST: upload a model. The files are stored as they stream in, then looked into; the answer is a report or a problem.
import { submissions } from '@/lib/api';
import type { Viewer } from '@/lib/auth/viewer';
import { challengesFor } from '@/lib/challenges/list';
import { RequestError } from '@/lib/errors';
import { createDraft } from '@/lib/submissions/drafts';
import { endpoint } from '../endpoint';
import { plainText } from '../parse';
import { json } from '../respond';
import { optionsOf } from './fields';
import { readMultipart } from './multipart';
import { withSlot } from './take-upload';

export const POST = endpoint(submissions.createDraft, async ({ request, viewer }) => {
  const draft = await withSlot(viewer, request.headers, async () => {
    const { fields, files } = await readMultipart(request);
    for (const [name, value] of fields) plainText(name, value);
    return createDraft(viewer, await challengeOf(viewer, fields.get('challenge')), files, optionsOf(fields));
  });
  const { id, report, problem, expiresAt } = draft;
  const received = draft.files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
  return problem ? json({ id, problem, files: received }, 422) : json({ id, report, files: received, expiresAt }, 201);
});

/** The field, or the only challenge that the viewer may see: a script need not name it. */
async function challengeOf(viewer: Viewer, slug: string | undefined): Promise<string> {
  if (slug) return slug;
  const challenges = (await challengesFor(viewer)).map(({ challenge }) => challenge);
  if (challenges.length === 1) return challenges[0].slug;
  const names = challenges.map((challenge) => challenge.slug).join(', ');
  throw new RequestError(400, `Name the challenge in a field "challenge" that stands before the files. There are: ${names || 'none'}.`);
}
