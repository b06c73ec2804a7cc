// GET, by the staff: one re-evaluation with what it would change.
import { reevaluations } from '@/lib/api';
import { getReevaluation } from '@/lib/evaluations/reevaluations';
import { endpoint } from '../../../../endpoint';

export const GET = endpoint(reevaluations.get, ({ viewer, params }) => getReevaluation(viewer, params.slug, params.id));
