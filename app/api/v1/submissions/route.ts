// GET: submissions page by page. POST: submit a draft for evaluation.
import { submissions } from '@/lib/api';
import { confirmDraft } from '@/lib/submissions/confirm';
import { pageOfSubmissions } from '@/lib/submissions/page';
import { endpoint } from '../endpoint';
import { linkToNext } from '../pages';

export const GET = endpoint(submissions.listSubmissions, async ({ request, viewer, query, headers }) => {
  const { items, next } = await pageOfSubmissions(viewer, query);
  if (next !== null) headers.set('Link', linkToNext(request, { after: next }));
  return { items: items.map(({ id, ...row }) => ({ submissionId: id, url: `/submissions/${id}`, phase: 'public' as const, ...row })), next };
});

export const POST = endpoint(submissions.submit, async ({ viewer, body: { draftId, name, declaredTta, comment } }) => {
  const { submissionId } = await confirmDraft(viewer, draftId, { name, declaredTta, comment });
  return { submissionId, url: `/submissions/${submissionId}` };
});
