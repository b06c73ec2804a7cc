// Signed-in browsers, one row each: a session token is worth nothing once its row is gone. Knows no cookies.
import { and, desc, eq, gt, lte, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import { database, type Transaction } from '../db/client.ts';
import { sessions, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import type { Viewer } from './viewer.ts';

export const sessionDays = 14;
/** A page is not worth a write each time it is looked at. */
const secondsBetweenSightings = 300;

/** Times are ISO 8601. `current` is the browser that asks. */
export type SessionView = { id: string; userAgent: string; createdAt: string; lastSeenAt: string; expiresAt: string; current: boolean };

/** Signs a browser in for 14 days; the id goes into its session token. */
export async function startSession(tx: Transaction, userId: string, userAgent: string): Promise<string> {
  const expiresAt = sql`now() + make_interval(days => ${sessionDays})`;
  const [row] = await tx.insert(sessions).values({ userId, userAgent: userAgent.slice(0, 200), expiresAt }).returning({ id: sessions.id });
  return row.id;
}

/** Who a session is of, as the table is now; null when it has ended or its account is disabled. Notes that it was seen. */
export async function viewerOfSession(userId: string, sessionId: string): Promise<Viewer | null> {
  // Every request asks this: by the table's own index, which takes UUIDs alone.
  if (![userId, sessionId].every((id) => z.uuid().safeParse(id).success)) return null;
  const alive = and(eq(sessions.id, sessionId), eq(users.id, userId), gt(sessions.expiresAt, sql`now()`));
  const [found] = await database()
    .select({
      id: users.id, name: users.name, role: users.role, disabledAt: users.disabledAt,
      stale: sql<boolean>`${sessions.lastSeenAt} < now() - make_interval(secs => ${secondsBetweenSightings})`,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(alive);
  if (!found || found.disabledAt) return null;
  if (found.stale) await database().update(sessions).set({ lastSeenAt: sql`now()` }).where(eq(sessions.id, sessionId));
  return { id: found.id, name: found.name, role: found.role };
}

/** The viewer's own browsers, the one seen last first. */
export async function listSessions(viewer: Viewer, currentId: string | null): Promise<SessionView[]> {
  const alive = and(eq(sessions.userId, viewer.id), gt(sessions.expiresAt, sql`now()`));
  const rows = await database().select().from(sessions).where(alive).orderBy(desc(sessions.lastSeenAt));
  return rows.map(({ id, userAgent, createdAt, lastSeenAt, expiresAt }) => ({
    id, userAgent, current: id === currentId,
    createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt.toISOString(), expiresAt: expiresAt.toISOString(),
  }));
}

/** Ends one of the viewer's own sessions. Throws RequestError 404 when there is no such session of theirs. */
export async function endSession(viewer: Pick<Viewer, 'id'>, sessionId: string): Promise<void> {
  const own = and(eq(sql`${sessions.id}::text`, sessionId), eq(sessions.userId, viewer.id));
  const gone = await database().delete(sessions).where(own).returning({ id: sessions.id });
  if (gone.length === 0) throw new RequestError(404, 'You have no such session; it may have ended already.');
}

/** Ends the viewer's sessions but for the one that asks; returns how many. */
export async function endOtherSessions(viewer: Viewer, keptId: string): Promise<number> {
  const others = and(eq(sessions.userId, viewer.id), ne(sql`${sessions.id}::text`, keptId));
  return (await database().delete(sessions).where(others).returning({ id: sessions.id })).length;
}

/** Signs a user out of every browser. */
export async function endAllSessions(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.userId, userId));
}

/** Signs the viewer out of every browser, this one too. */
export async function endAllOwnSessions(viewer: Viewer): Promise<void> {
  await database().transaction((tx) => endAllSessions(tx, viewer.id));
}

/** Part of the hourly clean-up: what has expired is of no use to anybody. Returns how many. */
export async function expireSessions(now: Date): Promise<number> {
  return (await database().delete(sessions).where(lte(sessions.expiresAt, now))).count;
}
