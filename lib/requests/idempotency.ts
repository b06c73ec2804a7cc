// Requests that may come twice: the answer to a key is kept, and given again when the same request comes with it again.
import { createHash } from 'node:crypto';
import { and, eq, isNull, lte, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { idempotencyKeys } from '../db/schema.ts';
import { RequestError } from '../errors.ts';

export type Answer = { status: number; body: unknown };

export const keptHours = 24;
/** A first request that has said nothing for so long has died with its process. */
export const abandonedSeconds = 60;

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/** The hash by which two requests are the same one. */
export function requestHash(method: string, address: string, body: string): string {
  return createHash('sha256').update(JSON.stringify([method, address, body])).digest('hex');
}

/**
 * Claims a key for a request; null when the request is to be carried out now, else the answer that it got before.
 * Throws RequestError 400 on a bad key, 409 while the first request with it is being answered, and 422 when it was another request.
 */
export async function claim(userId: string, key: string, hash: string): Promise<Answer | null> {
  if (!keyPattern.test(key)) throw new RequestError(400, 'An Idempotency-Key is 1 to 255 printable ASCII characters without spaces, e.g. a UUID.');
  const claimed = await database()
    .insert(idempotencyKeys)
    .values({ userId, key, requestHash: hash })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key });
  if (claimed.length > 0) return null;
  const own = ownKey(userId, key);
  const [earlier] = await database().select().from(idempotencyKeys).where(own);
  // Let go of between the two statements, because what it was claimed for failed.
  if (!earlier) return claim(userId, key, hash);
  if (earlier.requestHash !== hash) {
    throw new RequestError(422, `The Idempotency-Key "${key}" came with another request before. Each request needs a key of its own.`);
  }
  if (earlier.status !== null) return { status: earlier.status, body: earlier.response };
  const abandoned = lte(idempotencyKeys.createdAt, sql`now() - make_interval(secs => ${abandonedSeconds})`);
  const taken = await database()
    .update(idempotencyKeys)
    .set({ createdAt: sql`now()` })
    .where(and(own, isNull(idempotencyKeys.status), abandoned))
    .returning({ key: idempotencyKeys.key });
  if (taken.length > 0) return null;
  throw new RequestError(409, 'The first request with this Idempotency-Key is still being answered. Send it again in a moment.');
}

/** Keeps the answer of what was done. */
export async function keep(userId: string, key: string, { status, body }: Answer): Promise<void> {
  await database().update(idempotencyKeys).set({ status, response: body }).where(ownKey(userId, key));
}

/** Lets a key go whose request was refused or failed: nothing was done, so the next one with it may try anew. */
export async function letGo(userId: string, key: string): Promise<void> {
  await database().delete(idempotencyKeys).where(and(ownKey(userId, key), isNull(idempotencyKeys.status)));
}

const ownKey = (userId: string, key: string) => and(eq(idempotencyKeys.userId, userId), eq(idempotencyKeys.key, key));

/** Forgets the answers whose time is over. Returns how many. */
export async function expireKeys(now: Date = new Date()): Promise<number> {
  const old = await database().delete(idempotencyKeys).where(lte(idempotencyKeys.createdAt, new Date(now.getTime() - keptHours * 3_600_000)));
  return old.count;
}
