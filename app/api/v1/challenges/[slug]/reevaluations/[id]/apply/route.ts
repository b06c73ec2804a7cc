// POST, by an instructor: make the results of a re-evaluation the current ones.
import { reevaluations } from '@/lib/api';
import { applyReevaluation } from '@/lib/evaluations/decide-reevaluation';
import { endpoint } from '../../../../../endpoint';

export const POST = endpoint(reevaluations.apply, async ({ viewer, params, body }) => {
  await applyReevaluation(viewer, params.slug, params.id, body);
  return { done: true };
});
