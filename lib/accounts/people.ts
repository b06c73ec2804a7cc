// What an administrator sees of the people of the site.
import { and, count, desc, eq, gt, ilike, or, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { challenges, identities, members, sessions, submissions, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';

/** Times are ISO 8601. */
export type Person = {
  id: string;
  name: string;
  email: string;
  role: Viewer['role'];
  verified: boolean;
  disabled: boolean;
  createdAt: string;
};

export type PersonDetail = Person & {
  hasPassword: boolean;
  /** Providers it is linked to. */
  identities: string[];
  sessions: number;
  lastSeenAt: string | null;
  submissions: number;
  challenges: { slug: string; title: string; role: 'student' | 'assistant' | 'instructor' }[];
};

export const peoplePerPage = 50;

/** Throws RequestError 401 and 403 for everybody but an administrator, who is one only while not looking as a student. */
export function requireAdministrator(viewer: Viewer | null): asserts viewer is Viewer {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  if (viewer.role !== 'administrator' || viewer.asStudent) throw new RequestError(403, 'Only an administrator of the site may do this.');
}

/** A page of the people whose name or address holds the text, the newest first; `page` counts from 1. Throws RequestError 401 and 403. */
export async function listPeople(viewer: Viewer | null, search = '', page = 1): Promise<{ people: Person[]; total: number }> {
  requireAdministrator(viewer);
  const text = `%${search.trim().replace(/[\\%_]/g, '\\$&')}%`;
  const found = search.trim() ? or(ilike(users.name, text), ilike(users.email, text)) : undefined;
  const offset = (Math.max(1, page) - 1) * peoplePerPage;
  const all = database().select().from(users).where(found).orderBy(desc(users.createdAt), users.id);
  const rows = await all.limit(peoplePerPage).offset(offset);
  return { people: rows.map(personOf), total: await database().$count(users, found) };
}

/** Throws RequestError 401, 403 and 404. */
export async function getPerson(viewer: Viewer | null, personId: string): Promise<PersonDetail> {
  requireAdministrator(viewer);
  const [row] = await database().select().from(users).where(eq(sql`${users.id}::text`, personId));
  if (!row) throw new RequestError(404, 'There is no such account (any more).');
  const linked = await database().select({ provider: identities.provider }).from(identities).where(eq(identities.userId, row.id));
  const [seen] = await database()
    .select({ sessions: count(), lastSeenAt: sql<Date | null>`max(${sessions.lastSeenAt})`.mapWith(sessions.lastSeenAt) })
    .from(sessions)
    .where(and(eq(sessions.userId, row.id), gt(sessions.expiresAt, sql`now()`)));
  return {
    ...personOf(row),
    hasPassword: row.passwordHash !== null,
    identities: linked.map(({ provider }) => provider),
    sessions: seen.sessions,
    lastSeenAt: seen.lastSeenAt?.toISOString() ?? null,
    submissions: await database().$count(submissions, eq(submissions.userId, row.id)),
    challenges: await database()
      .select({ slug: challenges.slug, title: challenges.title, role: members.role })
      .from(members)
      .innerJoin(challenges, eq(challenges.id, members.challengeId))
      .where(eq(members.userId, row.id))
      .orderBy(challenges.title),
  };
}

const personOf = (row: typeof users.$inferSelect): Person => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role,
  verified: row.emailVerifiedAt !== null,
  disabled: row.disabledAt !== null,
  createdAt: row.createdAt.toISOString(),
});
