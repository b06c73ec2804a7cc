// POST: end an evaluation that is not wanted any more.
import { submissions } from '@/lib/api';
import { cancelSubmission } from '@/lib/evaluations/cancel';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(submissions.cancel, async ({ viewer, params }) => {
  await cancelSubmission(viewer, params.id);
  return { done: true };
});
