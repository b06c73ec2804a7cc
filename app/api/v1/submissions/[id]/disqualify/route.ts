// POST, by an instructor: take a submission out of every ranking.
import { submissions } from '@/lib/api';
import { disqualify } from '@/lib/submissions/disqualify';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(submissions.disqualify, async ({ viewer, params, body }) => {
  await disqualify(viewer, params.id, body.reason);
  return { done: true };
});
