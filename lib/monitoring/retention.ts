// What the site keeps and for how long: the table that the hourly clean-up goes by, and that administrators read.
import { sql } from 'drizzle-orm';
import { collectArtifacts } from '../artifacts/collect.ts';
import { expireSessions } from '../auth/sessions.ts';
import { deleteOldFiles, deleteOldPeople } from '../challenges/retention.ts';
import { database } from '../db/client.ts';
import { messageOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { log } from '../log.ts';
import { expireKeys } from '../requests/idempotency.ts';
import { expireRateLimits } from '../requests/rate-limit.ts';
import { expireDrafts } from '../submissions/expire.ts';

export const keptDays = { expiredTokens: 30, givenUpJobs: 30, stoppedWorkers: 30, notifications: 365 } as const;

/** `expire` deletes what is old at `now` and returns how much that was. In this order: what drafts leave behind goes in the same hour. */
type Rule = { what: string; kept: string; expire: (now: Date) => Promise<number> };

const daysBefore = (now: Date, days: number) => sql`${now.toISOString()}::timestamptz - make_interval(days => ${days})`;
const deleted = async (statement: ReturnType<typeof sql>) => (await database().execute(statement)).count;

export const retention = {
  drafts: { what: 'Uploads that were not submitted', kept: `${limits.draftHours} hours`, expire: expireDrafts },
  archivedFiles: {
    what: 'Files and models of archived challenges', kept: 'as long as the challenge’s rules say; for ever unless they do', expire: deleteOldFiles,
  },
  archivedPeople: {
    what: 'Class lists, notes, regrade requests and comments of archived challenges',
    kept: 'as long as the challenge’s rules say; for ever unless they do', expire: deleteOldPeople,
  },
  artifacts: {
    what: 'Model files that no upload and no submission names', kept: `${limits.draftHours} hours after somebody last uploaded them`,
    expire: collectArtifacts,
  },
  sessions: { what: 'Sessions of browsers', kept: 'until they expire', expire: expireSessions },
  emailCodes: {
    what: 'Links to verify an address or to reset a password', kept: 'until they expire',
    expire: (now) => deleted(sql`delete from email_codes where expires_at <= ${now.toISOString()}`),
  },
  apiTokens: {
    what: 'API tokens', kept: `${keptDays.expiredTokens} days after they expired`,
    expire: (now) => deleted(sql`delete from api_tokens where expires_at <= ${daysBefore(now, keptDays.expiredTokens)}`),
  },
  idempotencyKeys: { what: 'Answers to requests with an Idempotency-Key', kept: '24 hours', expire: expireKeys },
  rateLimits: { what: 'Counts of requests', kept: 'until their window ends', expire: expireRateLimits },
  notifications: {
    what: 'Notifications, and whether they were mailed', kept: `${keptDays.notifications} days`,
    expire: (now) => deleted(sql`delete from notifications where created_at <= ${daysBefore(now, keptDays.notifications)}`),
  },
  workers: {
    what: 'Workers that have stopped', kept: `${keptDays.stoppedWorkers} days`,
    expire: (now) => deleted(sql`delete from workers where stopped_at <= ${daysBefore(now, keptDays.stoppedWorkers)}`),
  },
  givenUpJobs: {
    what: 'Jobs of the queue that were given up (those that were done go at once)', kept: `${keptDays.givenUpJobs} days`,
    expire: (now) => deleted(sql`
      select graphile_worker.complete_jobs(array(
        select id from graphile_worker.jobs
        where attempts >= max_attempts and locked_at is null and run_at <= ${daysBefore(now, keptDays.givenUpJobs)}))`),
  },
} satisfies Record<string, Rule>;

export type Expired = Partial<Record<keyof typeof retention, number>>;

/** The hourly clean-up. One rule that fails keeps no other from its work; throws an Error that names those. Returns what was deleted. */
export async function expireOld(now: Date = new Date()): Promise<Expired> {
  const expired: Expired = {};
  const failed: string[] = [];
  for (const [name, { expire }] of Object.entries(retention) as [keyof typeof retention, Rule][]) {
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
