// POST, by an instructor: import a class list, as its preview showed it.
import { course } from '@/lib/api';
import { importRoster } from '@/lib/challenges/roster';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(course.importRoster, ({ viewer, params, body: { csv, ...how } }) => importRoster(viewer, params.slug, csv, how));
