// One-time codes that prove an e-mail address or open an account again: random, stored as their hash, good for an hour, used once.
import { createHash, randomBytes } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import { database, type Transaction } from '../db/client.ts';
import { emailCodes } from '../db/schema.ts';
import { RequestError } from '../errors.ts';

export type Purpose = (typeof emailCodes.$inferSelect)['purpose'];
/** `email` is where it was sent; empty for one that an administrator handed over. */
export type Code = { userId: string; email: string };

/** More in an hour would only fill somebody's inbox. */
const mostPerHour = 3;
export const codeMinutes = 60;

/** Makes a code. Null when the account has had three of the purpose within the hour. What has expired goes away. */
export async function makeCode(tx: Transaction, purpose: Purpose, { userId, email }: Code): Promise<string | null> {
  await tx.delete(emailCodes).where(sql`${emailCodes.expiresAt} <= now()`);
  const young = gt(emailCodes.createdAt, sql`now() - interval '1 hour'`);
  const recent = and(eq(emailCodes.userId, userId), eq(emailCodes.purpose, purpose), young);
  if ((await tx.$count(emailCodes, recent)) >= mostPerHour) return null;
  const code = randomBytes(32).toString('base64url');
  const expiresAt = sql`now() + make_interval(mins => ${codeMinutes})`;
  await tx.insert(emailCodes).values({ codeHash: hashOf(code), purpose, userId, email, expiresAt });
  return code;
}

const sent = { userId: emailCodes.userId, email: emailCodes.email };
const validCode = (purpose: Purpose, code: string) =>
  and(eq(emailCodes.codeHash, hashOf(code)), eq(emailCodes.purpose, purpose), gt(emailCodes.expiresAt, sql`now()`));

/** What a code is for, without using it; null when it is unknown, used or expired. */
export async function peekCode(purpose: Purpose, code: string): Promise<Code | null> {
  const [row] = await database().select(sent).from(emailCodes).where(validCode(purpose, code));
  return row ?? null;
}

/** Uses a code up. Throws RequestError 400 when it is unknown, used or expired. */
export async function useCode(tx: Transaction, purpose: Purpose, code: string): Promise<Code> {
  const [row] = await tx.delete(emailCodes).where(validCode(purpose, code)).returning(sent);
  if (!row) throw new RequestError(400, 'This link was used already, or is older than an hour. Ask for a new one.');
  return row;
}

/** Every code of an account is worth nothing any more. */
export async function dropCodes(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(emailCodes).where(eq(emailCodes.userId, userId));
}

// A plain hash suffices: 256 random bits cannot be guessed.
const hashOf = (code: string) => createHash('sha256').update(code).digest('hex');
