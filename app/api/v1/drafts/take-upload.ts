// Counts work like that of an upload where it comes by another way than the endpoint that takes uploads.
import type { Viewer } from '@/lib/auth/viewer';
import { buckets, take } from '@/lib/requests/rate-limit';
import { Refusal } from '../respond';

/** Throws a Refusal, 429, when somebody has uploaded too often in a while. */
export async function takeUpload({ id }: Viewer): Promise<void> {
  const { bucket, allowed, resetSeconds } = await take(buckets.upload, `user ${id}`);
  if (allowed) return;
  const message = `That was more than ${bucket.most} uploads in ${bucket.seconds / 60} minutes. Go on in ${resetSeconds} seconds.`;
  throw new Refusal(429, 'rate-limited', message, { 'Retry-After': String(resetSeconds) });
}
