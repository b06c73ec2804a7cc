// Puts a mail into the queue, in the transaction of what it tells of. A worker started with --notifications sends it.
import { z } from 'zod';
import type { Transaction } from '../db/client.ts';
import { enqueue, priorities, taskNames } from '../queue/jobs.ts';
import { mailConfigured } from './configured.ts';

export const mailSchema = z.object({
  /** One address. Not checked closer: the site's accounts have addresses as odd as root@localhost. */
  to: z.string().max(320).regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, 'An address is name@host.'),
  /** One line. */
  subject: z.string().min(1).max(200).regex(/^[^\r\n]*$/, 'A subject is one line.'),
  /** Plain text. */
  text: z.string().min(1).max(100_000),
  /** Where its receiver's mail program turns such mail off, by one POST (RFC 8058). */
  unsubscribe: z.url().optional(),
  /** The notification that it carries: sent once, and noted there. */
  notificationId: z.uuid().optional(),
});
export type Mail = z.infer<typeof mailSchema>;

/** Attempts of one mail; the waits between them grow from seconds to two hours and make 3.6 hours in all. */
export const mailAttempts = 10;

/**
 * Sends a mail once the transaction commits. Throws an Error where this site has no mail server (ask `mailConfigured` first), and
 * ZodError for an address that is none.
 */
export async function sendMail(tx: Transaction, mail: Mail): Promise<void> {
  if (!mailConfigured()) throw new Error('This site sends no mail: SMTP_URL and MAIL_FROM are not set.');
  const payload = mailSchema.parse(mail);
  const key = mail.notificationId && `mail:${mail.notificationId}`;
  await enqueue(tx, [{ task: taskNames.sendMail, payload, priority: priorities.mail, key, maxAttempts: mailAttempts }]);
}
