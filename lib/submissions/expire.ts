// The hourly clean-up: drafts past their time, model files that nothing refers to any more, the API's own books and sessions.
import { lte } from 'drizzle-orm';
import { collectArtifacts } from '../artifacts/collect.ts';
import { expireSessions } from '../auth/sessions.ts';
import { database } from '../db/client.ts';
import { drafts } from '../db/schema.ts';
import { expireKeys } from '../requests/idempotency.ts';
import { expireRateLimits } from '../requests/rate-limit.ts';

/** Deletes what has expired. Returns how many drafts and how many artifacts. */
export async function expireDrafts(now: Date = new Date()): Promise<{ drafts: number; artifacts: number }> {
  await expireKeys(now);
  await expireRateLimits(now);
  await expireSessions(now);
  const expired = await database().delete(drafts).where(lte(drafts.expiresAt, now)).returning({ id: drafts.id });
  return { drafts: expired.length, artifacts: await collectArtifacts() };
}
