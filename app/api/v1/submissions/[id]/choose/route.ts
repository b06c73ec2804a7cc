// POST: make it the one that counts.
import { submissions } from '@/lib/api';
import { chooseSubmission } from '@/lib/submissions/choose';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(submissions.choose, async ({ viewer, params }) => {
  await chooseSubmission(viewer, params.id);
  return { done: true };
});
