// How much anybody may upload: so often in a while, where it comes by another way than the endpoint that counts, and so many at once.
import type { Viewer } from '@/lib/auth/viewer';
import { limits } from '@/lib/limits';
import { callerOf } from '@/lib/requests/address';
import { buckets, take } from '@/lib/requests/rate-limit';
import { takeSlot, type Slot } from '@/lib/requests/slots';
import { Refusal } from '../respond';

/** Throws a Refusal, 429, when somebody has uploaded too often in a while. */
export async function takeUpload({ id }: Viewer): Promise<void> {
  const { bucket, allowed, resetSeconds } = await take(buckets.upload, `user ${id}`);
  if (allowed) return;
  const message = `That was more than ${bucket.most} uploads in ${bucket.seconds / 60} minutes. Go on in ${resetSeconds} seconds.`;
  throw new Refusal(429, 'rate-limited', message, { 'Retry-After': String(resetSeconds) });
}

/**
 * Takes an upload in as one of the few that its sender, and its sender's address, may have under way. Throws a Refusal, 429, before a byte
 * is read where those are all there already; over all web processes.
 */
export async function withSlot<T>({ id }: Viewer, headers: Headers, act: () => Promise<T>): Promise<T> {
  const held: Slot[] = [];
  try {
    held.push(await slotOf(`upload user ${id}`, limits.uploadsAtOncePerUser, 'You have'));
    const address = callerOf(headers);
    if (address) held.push(await slotOf(`upload address ${address}`, limits.uploadsAtOncePerAddress, 'Your network has'));
    return await act();
  } finally {
    await Promise.all(held.map((slot) => slot.release()));
  }
}

async function slotOf(name: string, most: number, whose: string): Promise<Slot> {
  const slot = await takeSlot(name, most);
  if (slot) return slot;
  throw new Refusal(429, 'rate-limited', `${whose} ${most} uploads under way, the most at once. Let one end, then send this again.`, { 'Retry-After': '10' });
}
