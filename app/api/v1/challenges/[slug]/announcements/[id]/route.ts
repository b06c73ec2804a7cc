// DELETE, by an instructor: take an announcement back.
import { course } from '@/lib/api';
import { deleteAnnouncement } from '@/lib/challenges/announcements';
import { endpoint } from '../../../../endpoint';

export const DELETE = endpoint(course.deleteAnnouncement, async ({ viewer, params }) => {
  await deleteAnnouncement(viewer, params.slug, params.id);
  return { done: true };
});
