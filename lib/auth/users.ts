// People: making an account and finding one. Knows the users table and nothing of sessions or requests.
import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { database } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { hashPassword, longestPassword, shortestPassword } from './password.ts';
import type { Viewer } from './viewer.ts';

export type User = Viewer & { email: string };

const newUserSchema = z.object({
  name: z.string().trim().min(1, 'Give a name, as the board should show it.').max(80, 'A name has at most 80 characters.'),
  email: z.email('That is not an e-mail address.').max(254, 'That is not an e-mail address.'),
  password: z
    .string()
    .min(shortestPassword, `A password needs at least ${shortestPassword} characters.`)
    .max(longestPassword, `A password has at most ${longestPassword} characters.`),
});
export type NewUser = z.infer<typeof newUserSchema>;

const columns = { id: users.id, name: users.name, email: users.email, role: users.role };

/**
 * Makes a local account. Only code that runs on behalf of the platform passes a role other than student.
 * Throws RequestError 400 on a bad field and 409 when the e-mail address has an account.
 */
export async function createUser(input: NewUser & { role?: Viewer['role'] }): Promise<User> {
  const parsed = newUserSchema.safeParse(input);
  if (!parsed.success) throw new RequestError(400, parsed.error.issues[0].message);
  const { name, email, password } = parsed.data;
  const [user] = await database()
    .insert(users)
    .values({ name, email: email.toLowerCase(), passwordHash: await hashPassword(password), role: input.role ?? 'student' })
    .onConflictDoNothing()
    .returning(columns);
  if (!user) throw new RequestError(409, `There is an account for ${email} already. Sign in instead.`);
  return user;
}

/** The account of an e-mail address, in any case of letters; null when there is none. */
export async function findUserByEmail(email: string): Promise<User | null> {
  const [user] = await database().select(columns).from(users).where(byEmail(email));
  return user ?? null;
}

/** What a sign-in needs to know of an account. */
export async function findCredentials(email: string): Promise<(User & { passwordHash: string | null; sessionId: string }) | null> {
  const [user] = await database()
    .select({ ...columns, passwordHash: users.passwordHash, sessionId: users.sessionId })
    .from(users)
    .where(byEmail(email));
  return user ?? null;
}

/** Signs a user out on every device: each session token carries the session id that this replaces. */
export async function revokeSessions(userId: string): Promise<void> {
  await database().update(users).set({ sessionId: randomUUID() }).where(eq(users.id, userId));
}

const byEmail = (email: string) => eq(sql`lower(${users.email})`, email.trim().toLowerCase());
