// Opening an account again whose password is lost: by a code sent to its address, or one that an administrator hands over.
import { eq } from 'drizzle-orm';
import { hashPassword } from '../auth/password.ts';
import { endAllSessions } from '../auth/sessions.ts';
import { findCredentials, lockUser, parsed, passwordSchema } from '../auth/users.ts';
import { database } from '../db/client.ts';
import { apiTokens, identities, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { mailConfigured } from '../mail/configured.ts';
import { sendMail } from '../mail/send-mail.ts';
import { absolute } from '../notifications/links.ts';
import { throttle } from '../requests/throttle.ts';
import { dropCodes, makeCode, useCode } from './codes.ts';
import { markVerified } from './verified.ts';

// An account gets three mails in an hour; this is against asking for all of them.
const perAddress = throttle({ name: 'reset password', most: 60, seconds: 15 * 60 });

/**
 * Sends a code to the account of an address, if there is one; what it does is nobody's business, so it returns nothing either way.
 * The caller answers before this has run, or the time it takes would tell. `address` is the network's, sixty times in a quarter of an hour.
 */
export async function askForReset(email: string, address: string): Promise<void> {
  if (!mailConfigured() || !(await perAddress.attempt(address))) return;
  await database().transaction(async (tx) => {
    const user = await findCredentials(email, tx);
    if (!user || user.disabledAt) return;
    const code = await makeCode(tx, 'reset-password', { userId: user.id, email: user.email });
    if (!code) return;
    await sendMail(tx, {
      to: user.email,
      subject: 'Set a new password for Gauntlet',
      text: [
        `To set a new password for the account of ${user.email}, open this link within an hour:`,
        absolute(`/reset-password?code=${code}`),
        'If you did not ask for it, do nothing: your password stays as it is.\n',
      ].join('\n\n'),
    });
  });
}

/**
 * Sets the password of the account that the code is for, and signs it out everywhere. A code that came by e-mail also proves the address,
 * and if nobody had proved it before, whatever else opens the account (accounts elsewhere, API tokens) may be of whoever squatted
 * on the address: it goes. Throws RequestError 400 for a bad password (the code stays good) or code.
 */
export async function resetPassword(code: string, password: string): Promise<void> {
  const passwordHash = await hashPassword(parsed(passwordSchema, password));
  await database().transaction(async (tx) => {
    const { userId, email } = await useCode(tx, 'reset-password', code);
    const user = await lockUser(tx, userId);
    const byMail = email !== '';
    const outdated = byMail && email !== user.email;
    if (user.disabledAt || outdated) throw new RequestError(400, 'This link is not good any more. Ask for a new one.');
    await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
    await endAllSessions(tx, userId);
    // A change of address that somebody else began must not end after this.
    await dropCodes(tx, userId);
    if (!byMail || user.emailVerifiedAt) return;
    await tx.delete(identities).where(eq(identities.userId, userId));
    await tx.delete(apiTokens).where(eq(apiTokens.userId, userId));
    await markVerified(tx, userId);
  });
}
