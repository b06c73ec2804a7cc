// GET, by the staff: the grades as a file, for a person or for a grade book.
import { course } from '@/lib/api';
import { exportGrades } from '@/lib/grades/export';
import { endpoint } from '../../../endpoint';
import { download } from '../../download';

export const GET = endpoint(course.exportGrades, async ({ viewer, params, query }) => download(await exportGrades(viewer, params.slug, query.as)));
