// POST, by an instructor: enter what counts into the final phase. The body may be {"anyway": true} (see the verb).
import { course } from '@/lib/api';
import { enterFinal } from '@/lib/evaluations/enter-final';
import { endpoint } from '../../../../../endpoint';

export const POST = endpoint(course.enterFinal, ({ viewer, params, body }) => enterFinal(viewer, params.slug, body));
