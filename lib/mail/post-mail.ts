// Sends the mails of the queue over SMTP. Only a worker started with --notifications does this.
import { createTransport, type Transporter } from 'nodemailer';
import { eq } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { notifications } from '../db/schema.ts';
import { env, type Environment } from '../env.ts';
import { messageOf } from '../errors.ts';
import { log } from '../log.ts';
import { mailSchema, type Mail } from './send-mail.ts';

export type Mailer = {
  /**
   * Sends one mail, once: a notification's that was sent already is left alone. A refusal for good is noted and logged; throws
   * when another attempt may help.
   */
  post(mail: Mail, attempt?: { last: boolean }): Promise<'sent' | 'refused' | 'already'>;
  close(): void;
};

const connectMilliseconds = 10_000;
const idleMilliseconds = 30_000;

/** Connects when the first mail comes. Throws an Error without SMTP_URL and MAIL_FROM. */
export function openMailer({ SMTP_URL, MAIL_FROM }: Pick<Environment, 'SMTP_URL' | 'MAIL_FROM'> = env()): Mailer {
  if (!SMTP_URL || !MAIL_FROM) throw new Error('SMTP_URL and MAIL_FROM are not set.');
  const { hostname, username } = new URL(SMTP_URL);
  const loopback = /^(localhost|127\.|\[::1\])/.test(hostname);
  const transport = createTransport({
    url: SMTP_URL,
    pool: true,
    maxConnections: 2,
    connectionTimeout: connectMilliseconds,
    greetingTimeout: connectMilliseconds,
    socketTimeout: idleMilliseconds,
    // A password is never sent in the clear to another machine.
    requireTLS: username !== '' && !loopback,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return { post: (mail, { last } = { last: false }) => post(transport, MAIL_FROM, mail, last), close: () => transport.close() };
}

async function post(transport: Transporter, from: string, mail: Mail, last: boolean): Promise<'sent' | 'refused' | 'already'> {
  const { to, subject, text, unsubscribe, notificationId } = mailSchema.parse(mail);
  if (notificationId && !(await waits(notificationId))) return 'already';
  const domain = /@([^>\s]+)/.exec(from)?.[1] ?? 'gauntlet';
  try {
    await transport.sendMail({
      from,
      to,
      subject,
      text,
      // The same at every attempt, so that a mail program shows one mail where a worker died between sending and noting it.
      ...(notificationId && { messageId: `<${notificationId}@${domain}>` }),
      headers: {
        'Auto-Submitted': 'auto-generated',
        ...(unsubscribe && { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
      },
    });
  } catch (error) {
    if (!last && !isRefusal(error)) throw error;
    // Its text may hold a one-time code, so of the mail only what it is stands in the log.
    log.error({ notification: notificationId, reason: messageOf(error) }, 'a mail was not taken and is given up');
    if (notificationId) await note(notificationId, { emailProblem: messageOf(error).slice(0, 500) });
    return 'refused';
  }
  if (notificationId) await note(notificationId, { emailedAt: new Date() });
  return 'sent';
}

async function waits(notificationId: string): Promise<boolean> {
  const [row] = await database().select().from(notifications).where(eq(notifications.id, notificationId));
  return row !== undefined && row.emailedAt === null && row.emailProblem === null;
}

async function note(notificationId: string, outcome: { emailedAt: Date } | { emailProblem: string }): Promise<void> {
  await database().update(notifications).set(outcome).where(eq(notifications.id, notificationId));
}

/** The server took the connection and refuses this mail for good (RFC 5321, 4.2.1: a reply of 5xx), or it cannot even be offered. */
function isRefusal(error: unknown): boolean {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && (responseCode === undefined || responseCode >= 500);
}
