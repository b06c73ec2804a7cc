// One's own account: making it, what it says, and changing its name.
import { eq } from 'drizzle-orm';
import { localAccounts } from '../auth/providers.ts';
import { createUser, nameSchema, parsed, type NewUser, type User } from '../auth/users.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { mailConfigured } from '../mail/configured.ts';
import { askToVerify } from './verify-email.ts';

export type Profile = { name: string; email: string; verified: boolean; hasPassword: boolean };

/** What the viewer's own account says of them. Throws RequestError 404 when it is gone. */
export async function profileOf(viewer: Viewer): Promise<Profile> {
  const [user] = await database().select().from(users).where(eq(users.id, viewer.id));
  if (!user) throw new RequestError(404, 'There is no such account (any more).');
  return { name: user.name, email: user.email, verified: user.emailVerifiedAt !== null, hasPassword: user.passwordHash !== null };
}

/**
 * A visitor makes an account; where mail is sent, its address is asked to be verified. Throws RequestError 400, 403 (no local accounts
 * here) and 409.
 */
export async function signUp(input: NewUser): Promise<User> {
  if (!localAccounts()) throw new RequestError(403, 'Accounts are not made here. Sign in with your account elsewhere.');
  const user = await createUser({ name: input.name, email: input.email, password: input.password });
  if (mailConfigured()) await askToVerify(user);
  return user;
}

/** Throws RequestError 400. */
export async function changeName(viewer: Viewer, name: string): Promise<void> {
  await database().update(users).set({ name: parsed(nameSchema, name) }).where(eq(users.id, viewer.id));
}
