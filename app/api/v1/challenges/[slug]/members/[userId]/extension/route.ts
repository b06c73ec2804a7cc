// PUT, by an instructor: a later deadline and more evaluations a day for one student.
import { course } from '@/lib/api';
import { setExtension, setExtraSuccesses } from '@/lib/challenges/extensions';
import { endpoint } from '../../../../../endpoint';

export const PUT = endpoint(course.setExtension, async ({ viewer, params: { slug, userId }, body: { until, extraSuccesses } }) => {
  if (until !== undefined) await setExtension(viewer, slug, userId, until === null ? null : new Date(until));
  if (extraSuccesses !== undefined) await setExtraSuccesses(viewer, slug, userId, extraSuccesses);
  return { done: true };
});
