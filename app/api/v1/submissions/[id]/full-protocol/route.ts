// POST: run the whole protocol on a submission that ran clean and mixed alone.
import { submissions } from '@/lib/api';
import { runFullProtocol } from '@/lib/evaluations/promote';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(submissions.runFullProtocol, async ({ viewer, params }) => {
  await runFullProtocol(viewer, params.id);
  return { done: true };
});
