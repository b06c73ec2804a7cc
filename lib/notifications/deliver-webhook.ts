// One delivery to one webhook, with its later attempts, and the end of a webhook that nobody answers.
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { database, type Transaction } from '../db/client.ts';
import { notifications, webhooks } from '../db/schema.ts';
import { log } from '../log.ts';
import { enqueue, priorities, taskNames } from '../queue/jobs.ts';
import { isKind, tell } from './kinds.ts';
import { absolute } from './links.ts';
import { postWebhook, type Delivered } from './post-webhook.ts';
import type { Resolve } from './webhook-target.ts';

export const deliveryJobSchema = z.object({ webhookId: z.uuid(), notificationId: z.uuid(), attempt: z.number().int().min(1) });
export type Delivery = z.infer<typeof deliveryJobSchema>;

/** Between one attempt and the next: five attempts in six and a half hours. */
const waitsInSeconds = [10, 300, 3600, 5 * 3600];
/** Deliveries that fail one after the other, each with all its attempts, before a webhook is switched off. */
const mostFailures = 10;

/** Puts an attempt into the queue; asked for twice, it is one. */
export async function enqueueDelivery(tx: Transaction, delivery: Delivery, runAt?: Date): Promise<void> {
  const key = `webhook:${delivery.webhookId}:${delivery.notificationId}:${delivery.attempt}`;
  await enqueue(tx, [{ task: taskNames.deliverWebhook, payload: delivery, priority: priorities.mail, key, runAt }]);
}

/** One attempt. A failed one leads to the next, and the last one counts against the webhook. Gone or switched off, nothing is sent. */
export async function deliverWebhook(delivery: Delivery, resolve?: Resolve): Promise<void> {
  const [hook] = await database().select().from(webhooks).where(eq(webhooks.id, delivery.webhookId));
  const [notification] = await database().select().from(notifications).where(eq(notifications.id, delivery.notificationId));
  if (!hook?.enabled || !notification || !isKind(notification.kind)) return;
  const { id, kind, createdAt, payload } = notification;
  const { subject, path } = tell(kind, payload);
  const url = absolute(path);
  const data = { ...(payload as object), url };
  const body = JSON.stringify({ type: kind, timestamp: createdAt.toISOString(), text: `${subject}\n${url}`, data });
  const delivered = await postWebhook(hook, { id: `msg_${id}`, body }, resolve);
  log.info({ webhook: hook.id, notification: id, attempt: delivery.attempt, ok: delivered.ok }, `a webhook ${delivered.outcome}`);
  await database().transaction((tx) => settle(tx, delivery, delivered));
}

async function settle(tx: Transaction, delivery: Delivery, { ok, gone, outcome }: Delivered): Promise<void> {
  const { attempt, webhookId } = delivery;
  const here = eq(webhooks.id, webhookId);
  const at = { lastAt: new Date() };
  if (ok) {
    await tx.update(webhooks).set({ ...at, lastOutcome: outcome, failures: 0 }).where(here);
    return;
  }
  if (gone) {
    await tx.update(webhooks).set({ ...at, lastOutcome: `${outcome}, so this webhook was switched off`, enabled: false }).where(here);
    return;
  }
  const wait = waitsInSeconds[attempt - 1];
  if (wait !== undefined) {
    await tx.update(webhooks).set({ ...at, lastOutcome: `${outcome} (attempt ${attempt} of ${waitsInSeconds.length + 1})` }).where(here);
    return enqueueDelivery(tx, { ...delivery, attempt: attempt + 1 }, new Date(Date.now() + wait * 1000));
  }
  const off = `, ${mostFailures} times in a row, so this webhook was switched off`;
  const over = sql`${webhooks.failures} + 1 >= ${mostFailures}`;
  await tx
    .update(webhooks)
    .set({
      ...at,
      failures: sql`${webhooks.failures} + 1`,
      enabled: sql`${webhooks.enabled} and not (${over})`,
      lastOutcome: sql`${outcome}::text || case when ${over} then ${off}::text else ', given up' end`,
    })
    .where(here);
}
