// Until when anybody may still submit to a challenge: extensions and the time for late submissions outlast its deadline.
import { eq, max } from 'drizzle-orm';
import type { Database, Transaction } from '../db/client.ts';
import { members } from '../db/schema.ts';
import type { Policy } from './policy.ts';

type Closing = { id: string; closesAt: Date | null; policy: Pick<Policy, 'lateHours'> };

/** The end of the last student's time, late submissions included; null without a deadline. */
export async function takesUntil(reader: Database | Transaction, { id, closesAt, policy }: Closing): Promise<Date | null> {
  if (!closesAt) return null;
  const [{ extended }] = await reader.select({ extended: max(members.extendedUntil) }).from(members).where(eq(members.challengeId, id));
  return new Date(Math.max(closesAt.getTime(), extended?.getTime() ?? 0) + policy.lateHours * 3_600_000);
}
