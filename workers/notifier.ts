// What a worker started with --notifications does beside evaluating: sends mail, calls webhooks, and reminds of deadlines.
import { env } from '../lib/env.ts';
import { log } from '../lib/log.ts';
import { mailConfigured } from '../lib/mail/configured.ts';
import { openMailer } from '../lib/mail/post-mail.ts';
import { mailSchema } from '../lib/mail/send-mail.ts';
import { deliverJobSchema, deliverNotifications } from '../lib/notifications/deliver.ts';
import { deliverWebhook, deliveryJobSchema } from '../lib/notifications/deliver-webhook.ts';
import { remindOfDeadlines } from '../lib/submissions/remind.ts';
import { taskNames } from '../lib/queue/jobs.ts';
import { startRunner, type QueueRunner } from '../lib/queue/runner.ts';

/** Jobs at once: mostly they wait for somebody else's server. */
const concurrency = 4;

/** Throws an Error that names what of the environment is missing. Call it before anything starts. */
export function checkNotifier(): void {
  const { NEXTAUTH_URL, NEXTAUTH_SECRET } = env();
  const missing = [!NEXTAUTH_URL && 'NEXTAUTH_URL', mailConfigured() && !NEXTAUTH_SECRET && 'NEXTAUTH_SECRET'].filter(Boolean);
  if (missing.length === 0) return;
  throw new Error(`--notifications needs ${missing.join(' and ')}, as the site has it: mails link to the site, by links that it signed.`);
}

/** Starts claiming. Without a mail server it leaves mails in the queue to workers that have one. */
export async function startNotifier(): Promise<QueueRunner> {
  checkNotifier();
  const mailer = mailConfigured() ? openMailer() : null;
  if (!mailer) log.info('SMTP_URL is not set: webhooks are called and no mail is sent.');
  const runner = await startRunner(
    {
      ...(mailer && {
        [taskNames.sendMail]: async (payload, { job }) => {
          await mailer.post(mailSchema.parse(payload), { last: job.attempts >= job.max_attempts });
        },
      }),
      [taskNames.deliverNotifications]: async (payload) => deliverNotifications(deliverJobSchema.parse(payload).notificationIds),
      [taskNames.deliverWebhook]: async (payload) => deliverWebhook(deliveryJobSchema.parse(payload)),
      [taskNames.remindOfDeadlines]: async () => void (await remindOfDeadlines()),
    },
    { concurrency, cron: [{ task: taskNames.remindOfDeadlines, match: '*/10 * * * *' }] },
  );
  const stop = async () => {
    await runner.stop();
    mailer?.close();
  };
  return { ...runner, stop };
}
