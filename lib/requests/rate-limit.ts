// How much anybody may ask of the API in a while, counted in the database: several web processes share one count.
import { lte, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
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
  const over = sql`${rateLimits.endsAt} <= now()`;
  const end = sql`now() + make_interval(secs => ${bucket.seconds})`;
  const [{ used, left }] = await database()
    .insert(rateLimits)
    .values({ key: `${bucket.name} ${who}`, used: 1, endsAt: end })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: { used: sql`case when ${over} then 1 else ${rateLimits.used} + 1 end`, endsAt: sql`case when ${over} then ${end} else ${rateLimits.endsAt} end` },
    })
    .returning({ used: rateLimits.used, left: sql<number>`extract(epoch from ${rateLimits.endsAt} - now())::float8` });
  return {
    bucket,
    allowed: used <= bucket.most,
    remaining: Math.max(0, bucket.most - used),
    resetSeconds: Math.max(1, Math.ceil(left)),
  };
}

/** Forgets the windows that are over. */
export async function expireRateLimits(now: Date = new Date()): Promise<void> {
  await database().delete(rateLimits).where(lte(rateLimits.endsAt, now));
}
