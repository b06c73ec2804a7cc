// GET: what was announced. POST, by an instructor: announce something.
import { challenges, course } from '@/lib/api';
import { announcementsOf, postAnnouncement } from '@/lib/challenges/announcements';
import { endpoint } from '../../../endpoint';

export const GET = endpoint(challenges.announcements, async ({ viewer, params }) => {
  const { announcements } = await announcementsOf(viewer, params.slug);
  return { announcements };
});

export const POST = endpoint(course.announce, async ({ viewer, params, body }) => ({ id: await postAnnouncement(viewer, params.slug, body) }));
