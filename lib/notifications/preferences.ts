// What somebody wants to be e-mailed of. Webhooks carry their kinds themselves.
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { kindNames, kinds, type KindName } from './kinds.ts';

// A kind that has gone since is left out, and anything unreadable counts as unsaid.
const storedSchema = z.object({ email: z.record(z.string(), z.boolean()).catch({}).default({}) }).catch({ email: {} });

export type Preferences = { email: Record<KindName, boolean> };

/** The preferences as stored, with what is unsaid as it comes. */
export function preferencesOf(stored: unknown): Preferences {
  const { email } = storedSchema.parse(stored ?? {});
  return { email: Object.fromEntries(kindNames.map((name) => [name, email[name] ?? kinds[name].email])) as Preferences['email'] };
}

export type OwnPreferences = Preferences & { address: string; verified: boolean };

/** The viewer's own. Throws RequestError 401 for a visitor. */
export async function readPreferences(viewer: Viewer | null): Promise<OwnPreferences> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  const [row] = await database().select().from(users).where(eq(users.id, viewer.id));
  if (!row) throw new RequestError(404, 'There is no such account any more.');
  return { ...preferencesOf(row.notifications), address: row.email, verified: row.emailVerifiedAt !== null };
}

/** Sets for each kind whether it is e-mailed. Throws RequestError 401 for a visitor. */
export async function setPreferences(viewer: Viewer | null, email: Record<KindName, boolean>): Promise<void> {
  if (!viewer) throw new RequestError(401, 'Sign in first.');
  await database().update(users).set({ notifications: { email } }).where(eq(users.id, viewer.id));
}

/** Turns one kind of mail off, for whoever holds the link of a mail. */
export async function turnOff(userId: string, kind: KindName): Promise<void> {
  // In one statement, so that a choice made meanwhile on the page is not undone.
  const withEmail = sql`jsonb_build_object('email', '{}'::jsonb) || ${users.notifications}`;
  await database()
    .update(users)
    .set({ notifications: sql`jsonb_set(${withEmail}, array['email', ${kind}::text], 'false')` })
    .where(eq(users.id, userId));
}
