// GET, by the staff: re-evaluations. POST, by an instructor: run submissions again.
import { reevaluations } from '@/lib/api';
import { startReevaluation } from '@/lib/evaluations/reevaluate';
import { listReevaluations } from '@/lib/evaluations/reevaluations';
import { endpoint } from '../../../endpoint';

export const GET = endpoint(reevaluations.list, async ({ viewer, params }) => ({ reevaluations: await listReevaluations(viewer, params.slug) }));

export const POST = endpoint(reevaluations.start, ({ viewer, params, body }) => startReevaluation(viewer, params.slug, body));
