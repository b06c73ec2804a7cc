// Slows down guessing. An attempt is counted before it is looked at, and in the database: many at one moment gain nothing, and several
// web processes share one count.
import { createHash } from 'node:crypto';
import { rawSql } from '../db/client.ts';
import { take, type Bucket } from './rate-limit.ts';

export type Throttle = {
  /** Counts an attempt; whether it may be made. */
  attempt(key: string): Promise<boolean>;
  /** The last attempt was a right one: it does not count. */
  forgive(key: string): Promise<void>;
  /** Nor do those before it. */
  forget(key: string): Promise<void>;
};

/** At most `most` attempts a key within `seconds`, counted from the first of them. `name` tells it from others'. */
export function throttle(bucket: Bucket): Throttle {
  // Keys are what people typed: of any length, and nobody's to read here.
  const hashed = (key: string) => createHash('sha256').update(key).digest('base64url');
  const rowOf = (key: string) => `${bucket.name} ${hashed(key)}`;
  return {
    attempt: async (key) => (await take(bucket, hashed(key))).allowed,
    forgive: async (key) => void (await rawSql()`update rate_limits set used = greatest(0, used - 1) where key = ${rowOf(key)}`),
    forget: async (key) => void (await rawSql()`delete from rate_limits where key = ${rowOf(key)}`),
  };
}
