// GET, by the staff: members and the class list in one.
import { course } from '@/lib/api';
import { listPeople } from '@/lib/challenges/people';
import { endpoint } from '../../../endpoint';

export const GET = endpoint(course.people, ({ viewer, params, query }) => listPeople(viewer, params.slug, query));
