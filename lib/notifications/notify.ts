// Notes what people are to be told, once each, in the transaction of what happened. A worker started with --notifications tells them.
import type { Transaction } from '../db/client.ts';
import { notifications } from '../db/schema.ts';
import { enqueue, priorities, taskNames } from '../queue/jobs.ts';
import { kinds, type KindName, type Payload } from './kinds.ts';

export type News<K extends KindName> = {
  /** Whom to tell; each once, also when they were told before. */
  users: readonly string[];
  /** What it is about (an id): of one kind and subject a person hears once. */
  subjectId: string;
  payload: Payload<K>;
};

/** Notes it for those who have not been told of this subject before. What they turned off is left out when it is sent. */
export async function notify<K extends KindName>(tx: Transaction, kind: K, { users, subjectId, payload }: News<K>): Promise<void> {
  const rows = [...new Set(users)].map((userId) => ({ userId, kind, subjectId, payload: kinds[kind].payload.parse(payload) }));
  if (rows.length === 0) return;
  const fresh = await tx.insert(notifications).values(rows).onConflictDoNothing().returning({ id: notifications.id });
  if (fresh.length === 0) return;
  const job = { notificationIds: fresh.map(({ id }) => id) };
  await enqueue(tx, [{ task: taskNames.deliverNotifications, payload: job, priority: priorities.mail }]);
}
