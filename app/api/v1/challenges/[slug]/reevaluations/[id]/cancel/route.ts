// POST, by an instructor: end a re-evaluation without applying it.
import { reevaluations } from '@/lib/api';
import { cancelReevaluation } from '@/lib/evaluations/decide-reevaluation';
import { endpoint } from '../../../../../endpoint';

export const POST = endpoint(reevaluations.cancel, async ({ viewer, params }) => {
  await cancelReevaluation(viewer, params.slug, params.id);
  return { done: true };
});
