// POST: ask the staff to look at a submission again.
import { submissions } from '@/lib/api';
import { requestRegrade } from '@/lib/submissions/regrade';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(submissions.requestRegrade, async ({ viewer, params, body }) => {
  await requestRegrade(viewer, params.id, body.message);
  return { done: true };
});
