// GET, by the staff: the board as a file.
import { course } from '@/lib/api';
import { exportBoard } from '@/lib/grades/export';
import { endpoint } from '../../../endpoint';
import { download } from '../../download';

export const GET = endpoint(course.exportBoard, async ({ viewer, params, query: { phase, as } }) => download(await exportBoard(viewer, params.slug, phase, as)));
