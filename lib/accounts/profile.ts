// One's own account: making it, what it says, and changing its name.
import { eq } from 'drizzle-orm';
import { localAccounts } from '../auth/providers.ts';
import { createUser, nameSchema, parsed, type NewUser, type User } from '../auth/users.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { mailConfigured } from '../mail/configured.ts';
import { throttle } from '../requests/throttle.ts';
import { askToVerify } from './verify-email.ts';

export type Profile = { name: string; email: string; verified: boolean; hasPassword: boolean };

/** What the viewer's own account says of them. Throws RequestError 404 when it is gone. */
export async function profileOf(viewer: Viewer): Promise<Profile> {
  const [user] = await database().select().from(users).where(eq(users.id, viewer.id));
  if (!user) throw new RequestError(404, 'There is no such account (any more).');
  return { name: user.name, email: user.email, verified: user.emailVerifiedAt !== null, hasPassword: user.passwordHash !== null };
}

// Each costs a hash of a password and a mail to somebody. A whole class may sit behind one address, and sign up in its first lesson.
const perAddress = throttle({ name: 'sign-up', most: 400, seconds: 60 * 60 });

/**
 * A visitor makes an account; where mail is sent, its address is asked to be verified. `address` is the network's. Throws RequestError 400,
 * 403 (no local accounts here), 409, and 429 after 400 from an address within an hour.
 */
export async function signUp(input: NewUser, address: string): Promise<User> {
  if (!localAccounts()) throw new RequestError(403, 'Accounts are not made here. Sign in with your account elsewhere.');
  if (!(await perAddress.attempt(address))) throw new RequestError(429, 'Too many accounts were made from your network. Try again in an hour.');
  const user = await createUser({ name: input.name, email: input.email, password: input.password });
  if (mailConfigured()) await askToVerify(user);
  return user;
}

/** Throws RequestError 400. */
export async function changeName(viewer: Viewer, name: string): Promise<void> {
  await database().update(users).set({ name: parsed(nameSchema, name) }).where(eq(users.id, viewer.id));
}
