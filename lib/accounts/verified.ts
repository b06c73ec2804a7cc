// What follows when an account has proved its e-mail address.
import { eq, sql } from 'drizzle-orm';
import { claimPlaces } from '../challenges/claim.ts';
import type { Transaction } from '../db/client.ts';
import { users } from '../db/schema.ts';

/** Notes the proof, and gives the account the places that class lists hold for the address. */
export async function markVerified(tx: Transaction, userId: string): Promise<void> {
  await tx.update(users).set({ emailVerifiedAt: sql`now()` }).where(eq(users.id, userId));
  await claimPlaces(tx, userId);
}
