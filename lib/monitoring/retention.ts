// What the site keeps and for how long: the table that the hourly clean-up goes by.
import { sql } from 'drizzle-orm';
import { collectArtifacts } from '../artifacts/collect.ts';
import { expireSessions } from '../auth/sessions.ts';
import { deleteOldFiles, deleteOldPeople } from '../challenges/retention.ts';
import { database } from '../db/client.ts';
import { messageOf } from '../errors.ts';
import { log } from '../log.ts';
import { expireKeys } from '../requests/idempotency.ts';
import { expireRateLimits } from '../requests/rate-limit.ts';
import { expireDrafts } from '../submissions/expire.ts';

export const keptDays = { expiredTokens: 30, givenUpJobs: 30, stoppedWorkers: 30, notifications: 365 } as const;

/** Deletes what is old at `now` and returns how much that was. */
type Rule = (now: Date) => Promise<number>;

const daysBefore = (now: Date, days: number) => sql`${now.toISOString()}::timestamptz - make_interval(days => ${days})`;
const deleted = async (statement: ReturnType<typeof sql>) => (await database().execute(statement)).count;

/** In this order: the content of what drafts and archived challenges named goes in the same hour. docs/operations.md has it in words. */
export const retention = {
  drafts: expireDrafts,
  archivedFiles: deleteOldFiles,
  archivedPeople: deleteOldPeople,
  artifacts: collectArtifacts,
  sessions: expireSessions,
  emailCodes: (now) => deleted(sql`delete from email_codes where expires_at <= ${now.toISOString()}`),
  apiTokens: (now) => deleted(sql`delete from api_tokens where expires_at <= ${daysBefore(now, keptDays.expiredTokens)}`),
  idempotencyKeys: expireKeys,
  rateLimits: expireRateLimits,
  notifications: (now) => deleted(sql`delete from notifications where created_at <= ${daysBefore(now, keptDays.notifications)}`),
  workers: (now) => deleted(sql`delete from workers where stopped_at <= ${daysBefore(now, keptDays.stoppedWorkers)}`),
  givenUpJobs: (now) => deleted(sql`
    select graphile_worker.complete_jobs(array(
      select id from graphile_worker.jobs
      where attempts >= max_attempts and locked_at is null and run_at <= ${daysBefore(now, keptDays.givenUpJobs)}))`),
} satisfies Record<string, Rule>;

export type Expired = Partial<Record<keyof typeof retention, number>>;

/** The hourly clean-up. One rule that fails keeps no other from its work; throws an Error that names those. Returns what was deleted. */
export async function expireOld(now: Date = new Date()): Promise<Expired> {
  const expired: Expired = {};
  const failed: string[] = [];
  for (const [name, expire] of Object.entries(retention) as [keyof typeof retention, Rule][]) {
    try {
      const count = await expire(now);
      if (count > 0) expired[name] = count;
    } catch (error) {
      failed.push(`${name}: ${messageOf(error)}`);
    }
  }
  log.info({ expired }, 'deleted what is kept no longer');
  if (failed.length > 0) throw new Error(`The clean-up could not delete ${failed.join('; ')}`);
  return expired;
}
