// Claiming a place on a roster: by an account whose e-mail address was proved to be the place's, or by a one-time code. Never otherwise.
import { and, asc, eq, inArray, isNotNull, isNull, notExists, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Transaction } from '../db/client.ts';
import { members, rosterPlaces, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { codeHash } from './place-code.ts';

export type Claimed = { challengeId: string; userId: string };

const sameAddress = eq(sql`lower(${rosterPlaces.email})`, sql`lower(${users.email})`);
const free = isNull(rosterPlaces.claimedBy);

/**
 * Gives an account every free place that is of its verified e-mail address, and makes it a student of those challenges. To be
 * called wherever an address is verified, in the same transaction; for an unverified one it does nothing.
 */
export async function claimPlaces(tx: Transaction, userId: string): Promise<Claimed[]> {
  return claimVerified(tx, eq(users.id, userId));
}

/** As claimPlaces, for whoever has an account when their place is made. */
export async function claimPlacesOf(tx: Transaction, challengeId: string): Promise<Claimed[]> {
  const waiting = tx.select({ address: sql`lower(${rosterPlaces.email})` }).from(rosterPlaces).where(and(eq(rosterPlaces.challengeId, challengeId), free));
  return claimVerified(tx, inArray(sql`lower(${users.email})`, waiting), eq(rosterPlaces.challengeId, challengeId));
}

async function claimVerified(tx: Transaction, who: SQL, where?: SQL): Promise<Claimed[]> {
  const verified = and(who, isNotNull(users.emailVerifiedAt));
  // Accounts before places, here as in claimByCode: two claims of one person wait for each other.
  const found = await tx.select({ id: users.id }).from(users).where(verified).orderBy(asc(users.id)).for('no key update');
  if (found.length === 0) return [];
  const other = alias(rosterPlaces, 'other');
  const hasOne = tx.select({ id: other.id }).from(other).where(and(eq(other.challengeId, rosterPlaces.challengeId), eq(other.claimedBy, users.id)));
  const claimed = await tx
    .update(rosterPlaces)
    .set({ claimedBy: sql`${users.id}`, claimedAt: sql`now()`, codeHash: null })
    .from(users)
    .where(and(inArray(users.id, found.map(({ id }) => id)), sameAddress, free, notExists(hasOne), where))
    .returning({ challengeId: rosterPlaces.challengeId, userId: users.id });
  if (claimed.length > 0) await tx.insert(members).values(claimed).onConflictDoNothing();
  return claimed;
}

/**
 * Gives an account the place of a one-time code, which is spent by it, and makes it a student of the challenge. False when there
 * is no such code (any more). Throws RequestError 409 when the account has a place in the challenge already.
 */
export async function claimByCode(tx: Transaction, challengeId: string, userId: string, code: string): Promise<boolean> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('no key update');
  const wanted = and(eq(rosterPlaces.challengeId, challengeId), eq(rosterPlaces.codeHash, codeHash(code)), free);
  const [place] = await tx.select({ id: rosterPlaces.id }).from(rosterPlaces).where(wanted).for('update');
  if (!place) return false;
  const own = await tx.$count(rosterPlaces, and(eq(rosterPlaces.challengeId, challengeId), eq(rosterPlaces.claimedBy, userId)));
  if (own > 0) throw new RequestError(409, 'Your account has a place on the class list already. This code is for somebody else’s.');
  await tx.update(rosterPlaces).set({ claimedBy: userId, claimedAt: sql`now()`, codeHash: null }).where(eq(rosterPlaces.id, place.id));
  await tx.insert(members).values({ challengeId, userId }).onConflictDoNothing();
  return true;
}
