// Tells everybody in a challenge, in the transaction of what they are told of.
import { eq } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { Transaction } from '../db/client.ts';
import { members } from '../db/schema.ts';
import type { KindName } from '../notifications/kinds.ts';
import { notify, type News } from '../notifications/notify.ts';

/** All but whoever did it, who knows. */
export async function tellMembers<K extends KindName>(
  tx: Transaction, by: Viewer, challengeId: string, kind: K, news: Omit<News<K>, 'users'>,
): Promise<void> {
  const everybody = await tx.select({ userId: members.userId }).from(members).where(eq(members.challengeId, challengeId));
  await notify(tx, kind, { ...news, users: everybody.map(({ userId }) => userId).filter((userId) => userId !== by.id) });
}
