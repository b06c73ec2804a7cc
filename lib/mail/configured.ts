// Whether this site sends mail. Without a mail server, addresses are not verified and nobody is written to.
import { env } from '../env.ts';

/** True where SMTP_URL and MAIL_FROM are set. Throws an Error where one is set without the other. */
export function mailConfigured(): boolean {
  const { SMTP_URL, MAIL_FROM } = env();
  if ((SMTP_URL === undefined) !== (MAIL_FROM === undefined))
    throw new Error(`${SMTP_URL ? 'MAIL_FROM' : 'SMTP_URL'} is not set. Mail needs both: SMTP_URL, the server, and MAIL_FROM, the sender.`);
  return SMTP_URL !== undefined;
}
