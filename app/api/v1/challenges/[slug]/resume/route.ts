// POST, by an instructor: take submissions again.
import { course } from '@/lib/api';
import { resumeIntake } from '@/lib/challenges/pause';
import { endpoint } from '../../../endpoint';

export const POST = endpoint(course.resume, async ({ viewer, params }) => {
  await resumeIntake(viewer, params.slug);
  return { done: true };
});
