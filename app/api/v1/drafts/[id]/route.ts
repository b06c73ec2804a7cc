// GET: what was found in an upload of one's own.
import { submissions } from '@/lib/api';
import { getDraft } from '@/lib/submissions/drafts';
import { endpoint } from '../../endpoint';

export const GET = endpoint(submissions.getDraft, async ({ viewer, params }) => {
  const { id, report, problem, files, expiresAt } = await getDraft(viewer, params.id);
  return { id, report, problem, files, expiresAt };
});
