// People: making an account and finding one. Knows the users table and nothing of sessions or requests.
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { database, type Database, type Transaction } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { hashPassword, longestPassword, shortestPassword } from './password.ts';
import type { Viewer } from './viewer.ts';

export type User = Viewer & { email: string };

export const nameSchema = z
  .string()
  .trim()
  .min(1, 'Give a name, as the board should show it.')
  .max(80, 'A name has at most 80 characters.');
export const emailSchema = z.email('That is not an e-mail address.').max(254, 'That is not an e-mail address.').toLowerCase();
export const passwordSchema = z
  .string()
  .min(shortestPassword, `A password needs at least ${shortestPassword} characters.`)
  .max(longestPassword, `A password has at most ${longestPassword} characters.`);

const newUserSchema = z.object({ name: nameSchema, email: emailSchema, password: passwordSchema });
export type NewUser = z.infer<typeof newUserSchema>;

/** What a field of a form holds, as the schema wants it. Throws RequestError 400 with the schema's own sentence. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new RequestError(400, result.error.issues[0].message);
  return result.data;
}

const columns = { id: users.id, name: users.name, email: users.email, role: users.role };

/**
 * Makes a local account. Only code that runs on behalf of the platform passes a role other than student, and `verified`, by which
 * whoever runs the site vouches for the address. Throws RequestError 400 on a bad field and 409 when the address has an account.
 */
export async function createUser(
  input: NewUser & { role?: Viewer['role']; verified?: boolean }, db: Database | Transaction = database(),
): Promise<User> {
  const { name, email, password } = parsed(newUserSchema, input);
  const [user] = await db
    .insert(users)
    .values({
      name, email, passwordHash: await hashPassword(password), role: input.role ?? 'student',
      emailVerifiedAt: input.verified ? new Date() : null,
    })
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
export type Credentials = User & { passwordHash: string | null; emailVerifiedAt: Date | null; disabledAt: Date | null };

const credentials = { ...columns, passwordHash: users.passwordHash, emailVerifiedAt: users.emailVerifiedAt, disabledAt: users.disabledAt };

/** As findUserByEmail, with what signs it in. */
export async function findCredentials(email: string, db: Database | Transaction = database()): Promise<Credentials | null> {
  const [user] = await db.select(credentials).from(users).where(byEmail(email));
  return user ?? null;
}

/** The account of an id, locked for the transaction. Throws RequestError 404 when it is gone. */
export async function lockUser(tx: Transaction, id: string): Promise<Credentials> {
  const [user] = await tx.select(credentials).from(users).where(eq(sql`${users.id}::text`, id)).for('update');
  if (!user) throw new RequestError(404, 'There is no such account (any more).');
  return user;
}

const byEmail = (email: string) => eq(sql`lower(${users.email})`, email.trim().toLowerCase());
