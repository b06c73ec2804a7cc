// Deletes drafts past their time; the files that they alone named follow with lib/artifacts/collect.ts.
import { lte } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { drafts } from '../db/schema.ts';

/** Returns how many. */
export async function expireDrafts(now: Date = new Date()): Promise<number> {
  return (await database().delete(drafts).where(lte(drafts.expiresAt, now))).count;
}
