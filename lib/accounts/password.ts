// Changing one's own password, and asking for it again before what cannot be undone.
import { and, eq, ne } from 'drizzle-orm';
import { hashPassword, verifyPassword } from '../auth/password.ts';
import { lockUser, parsed, passwordSchema, type Credentials } from '../auth/users.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { sessions, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { throttle } from '../requests/throttle.ts';
import { dropCodes } from './codes.ts';

const guesses = throttle({ name: 'own password', most: 10, seconds: 15 * 60 });

/**
 * Changes or sets the viewer's password, and ends all their other sessions. Throws RequestError 400 for a bad one, 403 when the old one is
 * wrong, 429 after ten wrong ones in a quarter of an hour.
 */
export async function changePassword(viewer: Viewer, old: string, wanted: string, sessionId: string): Promise<void> {
  const passwordHash = await hashPassword(parsed(passwordSchema, wanted));
  await database().transaction(async (tx) => {
    const user = await lockUser(tx, viewer.id);
    if (user.passwordHash) await requirePassword(user, old);
    await tx.update(users).set({ passwordHash }).where(eq(users.id, user.id));
    await tx.delete(sessions).where(and(eq(sessions.userId, user.id), ne(sessions.id, sessionId)));
    await dropCodes(tx, user.id);
  });
}

/** That whoever is signed in knows the password, too. Throws RequestError 403 and 429. */
export async function requirePassword(user: Credentials, password: string): Promise<void> {
  if (!(await guesses.attempt(user.id))) throw new RequestError(429, 'Too many wrong passwords. Wait a quarter of an hour, then try again.');
  if (await verifyPassword(user.passwordHash, password)) return guesses.forget(user.id);
  throw new RequestError(403, 'That is not your password.');
}
