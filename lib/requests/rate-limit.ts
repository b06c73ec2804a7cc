// How much anybody may ask of the API in a while, counted in the database: several web processes share one count.
import { lte } from 'drizzle-orm';
import { database, rawSql } from '../db/client.ts';
import { rateLimits } from '../db/schema.ts';

/** Requests a window of so many seconds, which begins with the first of them. */
export type Bucket = { name: string; most: number; seconds: number };

/** `address` is of whoever brings no token: a whole class may sit behind one. */
export const buckets = {
  read: { name: 'read', most: 600, seconds: 60 },
  write: { name: 'write', most: 120, seconds: 60 },
  upload: { name: 'upload', most: 60, seconds: 600 },
  address: { name: 'address', most: 1200, seconds: 60 },
} as const satisfies Record<string, Bucket>;

export type BucketName = keyof typeof buckets;

export type Taken = { bucket: Bucket; allowed: boolean; remaining: number; /** Whole seconds, at least 1. */ resetSeconds: number };

/** Takes one request of `who` (a user's id, an address) out of a bucket. */
export async function take(bucket: Bucket, who: string): Promise<Taken> {
  // Not Drizzle's connections: whoever asks may hold one of those in a transaction, and wait for another.
  const [{ used, left }] = await rawSql()<{ used: number; left: number }[]>`
    insert into rate_limits as kept (key, used, ends_at) values (${`${bucket.name} ${who}`}, 1, now() + make_interval(secs => ${bucket.seconds}))
    on conflict (key) do update set
      used = case when kept.ends_at <= now() then 1 else kept.used + 1 end,
      ends_at = case when kept.ends_at <= now() then excluded.ends_at else kept.ends_at end
    returning used, extract(epoch from ends_at - now())::float8 as left`;
  return {
    bucket,
    allowed: used <= bucket.most,
    remaining: Math.max(0, bucket.most - used),
    resetSeconds: Math.max(1, Math.ceil(left)),
  };
}

/** Forgets the windows that are over. Returns how many. */
export async function expireRateLimits(now: Date = new Date()): Promise<number> {
  return (await database().delete(rateLimits).where(lte(rateLimits.endsAt, now))).count;
}
