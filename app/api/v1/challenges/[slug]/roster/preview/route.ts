// POST, by an instructor: what importing a class list would change.
import { course } from '@/lib/api';
import { previewRoster } from '@/lib/challenges/roster';
import { endpoint } from '../../../../endpoint';

export const POST = endpoint(course.previewRoster, ({ viewer, params, body }) => previewRoster(viewer, params.slug, body.csv));
