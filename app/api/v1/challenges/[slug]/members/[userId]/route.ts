// DELETE, by an instructor: take a member out of the challenge.
import { course } from '@/lib/api';
import { removeMember } from '@/lib/challenges/members';
import { endpoint } from '../../../../endpoint';

export const DELETE = endpoint(course.removeMember, async ({ viewer, params }) => {
  await removeMember(viewer, params.slug, params.userId);
  return { done: true };
});
