// What a challenge's instructors tell everybody in it: posted, read by whoever may read the challenge, taken back.
import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { record } from '../audit/record.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { announcements, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { holding } from './change.ts';
import { checked } from './details.ts';
import { admitted, type Admitted } from './standing.ts';
import { tellMembers } from './tell-members.ts';

export type Announcement = {
  id: string;
  title: string;
  /** Markdown. */
  body: string;
  /** Null once the author's account is gone. */
  by: string | null;
  /** ISO 8601. */
  at: string;
};

const postSchema = z.object({
  title: z.string().trim().min(1, 'wanted').max(120, 'wanted at most 120 characters'),
  body: z.string().trim().min(1, 'wanted').max(10_000, 'wanted at most 10000 characters'),
});

/** All of a challenge, the newest first. Throws RequestError 401, 403, 404 (challenge). */
export async function announcementsOf(viewer: Viewer | null, slug: string): Promise<Admitted & { announcements: Announcement[] }> {
  const found = await admitted(viewer, slug);
  return { ...found, announcements: await newestAnnouncements(found.challenge.id) };
}

/** The newest of a challenge that the caller may read, at most `most`. */
export async function newestAnnouncements(challengeId: string, most = 1000): Promise<Announcement[]> {
  const rows = await database()
    .select({ id: announcements.id, title: announcements.title, body: announcements.body, by: users.name, at: announcements.createdAt })
    .from(announcements)
    .leftJoin(users, eq(users.id, announcements.authorId))
    .where(eq(announcements.challengeId, challengeId))
    .orderBy(desc(announcements.createdAt))
    .limit(most);
  return rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() }));
}

/** Its id. Throws RequestError 401, 403, 404 (challenge), 400, and 409 on an archived challenge. */
export async function postAnnouncement(viewer: Viewer | null, slug: string, given: { title: string; body: string }): Promise<string> {
  const post = checked(postSchema, given);
  return holding(viewer, slug, async (tx, { id: challengeId, title }) => {
    const row = { ...post, challengeId, authorId: viewer!.id };
    const [{ id }] = await tx.insert(announcements).values(row).returning({ id: announcements.id });
    await record(tx, viewer!, 'announcement.post', { challengeId, subject: id, detail: { title: post.title } });
    const payload = { ...post, challenge: { slug, title }, author: viewer!.name };
    await tellMembers(tx, viewer!, challengeId, 'announcement', { subjectId: id, payload });
    return id;
  });
}

/** Throws RequestError 401, 403, 404 (challenge, announcement), and 409 on an archived challenge. */
export async function deleteAnnouncement(viewer: Viewer | null, slug: string, id: string): Promise<void> {
  await holding(viewer, slug, async (tx, { id: challengeId }) => {
    const own = and(eq(announcements.challengeId, challengeId), eq(announcements.id, id));
    const [gone] = z.uuid().safeParse(id).success ? await tx.delete(announcements).where(own).returning() : [];
    if (!gone) throw new RequestError(404, 'There is no such announcement. It may be deleted already.');
    await record(tx, viewer!, 'announcement.delete', { challengeId, subject: id, detail: { title: gone.title, body: gone.body } });
  });
}
