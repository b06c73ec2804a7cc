// POST, by an instructor: lift a disqualification.
import { submissions } from '@/lib/api';
import { reinstate } from '@/lib/submissions/disqualify';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(submissions.reinstate, async ({ viewer, params }) => {
  await reinstate(viewer, params.id);
  return { done: true };
});
