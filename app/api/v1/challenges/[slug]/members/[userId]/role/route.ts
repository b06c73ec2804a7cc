// PUT, by an instructor: what a member is.
import { course } from '@/lib/api';
import { setRole } from '@/lib/challenges/members';
import { endpoint } from '../../../../../endpoint';

export const PUT = endpoint(course.setRole, async ({ viewer, params, body }) => {
  await setRole(viewer, params.slug, params.userId, body.role);
  return { done: true };
});
