// From notifications to what carries them: a mail for whoever wants one, and a delivery to each webhook that asks for the kind.
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { database, type Transaction } from '../db/client.ts';
import { notifications, users, webhooks } from '../db/schema.ts';
import { mailConfigured } from '../mail/configured.ts';
import { sendMail } from '../mail/send-mail.ts';
import { enqueueDelivery } from './deliver-webhook.ts';
import { isKind, kinds, tell, type KindName } from './kinds.ts';
import { absolute } from './links.ts';
import { preferencesOf } from './preferences.ts';
import { unsubscribeToken } from './unsubscribe.ts';

export const deliverJobSchema = z.object({ notificationIds: z.array(z.uuid()).min(1) });

/** What was said longer ago helps nobody any more; it is reached when no worker sent anything for that long. */
const staleHours = 48;

/** Puts into the queue what the notifications of a job become. Running it twice sends no mail twice. */
export async function deliverNotifications(ids: readonly string[]): Promise<void> {
  await database().transaction(async (tx) => {
    const rows = await tx
      .select({ notification: notifications, user: users })
      .from(notifications)
      .innerJoin(users, eq(users.id, notifications.userId))
      .where(and(inArray(notifications.id, [...ids]), isNull(users.disabledAt)));
    const hooks = rows.length === 0 ? [] : await tx
      .select()
      .from(webhooks)
      .where(and(eq(webhooks.enabled, true), inArray(webhooks.userId, rows.map(({ user }) => user.id))));
    for (const { notification, user } of rows) {
      const { kind } = notification;
      if (!isKind(kind) || notification.createdAt.getTime() < Date.now() - staleHours * 3_600_000) continue;
      await mailIfWanted(tx, notification, kind, user);
      for (const hook of hooks.filter(({ userId, kinds: wanted }) => userId === user.id && wanted.includes(kind))) {
        await enqueueDelivery(tx, { webhookId: hook.id, notificationId: notification.id, attempt: 1 });
      }
    }
  });
}

/** Only to addresses that were proved to be their owner's: others may be somebody else's. */
async function mailIfWanted(
  tx: Transaction, notification: typeof notifications.$inferSelect, kind: KindName, user: typeof users.$inferSelect,
): Promise<void> {
  if (!mailConfigured() || notification.emailedAt || notification.emailProblem || !user.emailVerifiedAt) return;
  if (!preferencesOf(user.notifications).email[kind]) return;
  const { subject, text, path } = tell(kind, notification.payload);
  const token = unsubscribeToken(user.id, kind);
  const page = absolute(`/account/notifications/unsubscribe?token=${token}`);
  const foot = `Gauntlet writes to you when: ${kinds[kind].label.toLowerCase()}.\nTurn this off: ${page}`;
  await sendMail(tx, {
    to: user.email,
    subject,
    text: `Hello ${user.name},\n\n${text}\n\n${absolute(path)}\n\n-- \n${foot}\n`,
    unsubscribe: absolute(`/api/notifications/unsubscribe?token=${token}`),
    notificationId: notification.id,
  });
}
