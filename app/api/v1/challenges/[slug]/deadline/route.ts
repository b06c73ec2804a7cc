// PUT, by an instructor: move the deadline.
import { course } from '@/lib/api';
import { setDeadline } from '@/lib/challenges/close';
import { endpoint } from '../../../endpoint';

export const PUT = endpoint(course.setDeadline, async ({ viewer, params, body }) => {
  const { closesAt, state } = await setDeadline(viewer, params.slug, body.closesAt === null ? null : new Date(body.closesAt));
  return { closesAt, state };
});
