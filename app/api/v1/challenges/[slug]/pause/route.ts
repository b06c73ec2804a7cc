// POST, by an instructor: take nothing in for a while.
import { course } from '@/lib/api';
import { pauseIntake } from '@/lib/challenges/pause';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(course.pause, async ({ viewer, params, body }) => {
  await pauseIntake(viewer, params.slug, body.reason);
  return { done: true };
});
