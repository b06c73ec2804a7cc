// The hourly clean-up: drafts past their time, and model files that nothing refers to any more.
import { lte } from 'drizzle-orm';
import { collectArtifacts } from '../artifacts/collect.ts';
import { database } from '../db/client.ts';
import { drafts } from '../db/schema.ts';

/** Deletes what has expired. Returns how many drafts and how many artifacts. */
export async function expireDrafts(now: Date = new Date()): Promise<{ drafts: number; artifacts: number }> {
  const expired = await database().delete(drafts).where(lte(drafts.expiresAt, now)).returning({ id: drafts.id });
  return { drafts: expired.length, artifacts: await collectArtifacts() };
}
