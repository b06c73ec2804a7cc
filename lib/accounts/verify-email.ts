// Proving that an e-mail address is one's own, by a code sent to it, and with it changing to another address.
import { and, eq, ne, sql } from 'drizzle-orm';
import { emailSchema, lockUser, parsed } from '../auth/users.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { mailConfigured } from '../mail/configured.ts';
import { sendMail } from '../mail/send-mail.ts';
import { absolute } from '../notifications/links.ts';
import { dropCodes, makeCode, peekCode, useCode } from './codes.ts';
import { requirePassword } from './password.ts';
import { markVerified } from './verified.ts';

/**
 * Sends the viewer's own address a code. Throws RequestError 409 when it is proved already or the site sends no mail, 429 after three
 * in an hour.
 */
export async function askToVerify(viewer: Viewer): Promise<string> {
  return database().transaction(async (tx) => {
    const user = await lockUser(tx, viewer.id);
    if (user.emailVerifiedAt) throw new RequestError(409, `${user.email} is verified already.`);
    if (!mailConfigured()) throw new RequestError(409, 'This site sends no mail, so that addresses are not verified here.');
    await sendCode(tx, viewer, user.email);
    return user.email;
  });
}

/**
 * Changes the viewer's address: where mail is sent, once the code sent to the new one comes back, else at once and unproved. Returns
 * which. Throws RequestError 400 (address), 403 (password, where the account has one), 409 (it is somebody's) and 429.
 */
export async function changeEmail(viewer: Viewer, wanted: string, password: string): Promise<'sent' | 'changed'> {
  const email = parsed(emailSchema, wanted.trim());
  return database().transaction(async (tx) => {
    const user = await lockUser(tx, viewer.id);
    if (user.email.toLowerCase() === email) throw new RequestError(409, `${email} is your address already.`);
    if (user.passwordHash) await requirePassword(user, password);
    await requireFree(tx, user.id, email);
    if (mailConfigured()) {
      await sendCode(tx, viewer, email);
      return 'sent';
    }
    await tx.update(users).set({ email, emailVerifiedAt: null }).where(eq(users.id, user.id));
    // A code that an administrator handed over was for whoever had the old address.
    await dropCodes(tx, user.id);
    return 'changed';
  });
}

/** The address that a code would prove for the viewer; null when it is no code of theirs, or no more. */
export async function addressToVerify(viewer: Viewer, code: string): Promise<string | null> {
  const found = await peekCode('verify-email', code);
  return found?.userId === viewer.id ? found.email : null;
}

/**
 * Proves the address that the code was sent to, and makes it the viewer's. The code alone does not do: whoever reads the mail must also be
 * signed in to the account, or somebody who made an account with a stranger's address could wait for the stranger to click.
 * Throws RequestError 400 (code), 403 (another account's) and 409 (address taken meanwhile).
 */
export async function verifyEmail(viewer: Viewer, code: string): Promise<string> {
  return database().transaction(async (tx) => {
    const { userId, email } = await useCode(tx, 'verify-email', code);
    if (userId !== viewer.id) throw new RequestError(403, 'This link belongs to another account. Sign in to that one and open it again.');
    const user = await lockUser(tx, userId);
    await requireFree(tx, userId, email);
    const before = user.email.toLowerCase();
    await tx.update(users).set({ email }).where(eq(users.id, userId));
    await dropCodes(tx, userId);
    await markVerified(tx, userId);
    if (before !== email && user.emailVerifiedAt && mailConfigured()) {
      await sendMail(tx, {
        to: before,
        subject: 'Your Gauntlet account has another address now',
        text: `Your account signs in with ${email} from now on.\n\nIf that was not you, tell whoever runs the course at once.\n`,
      });
    }
    return email;
  });
}

async function requireFree(tx: Transaction, userId: string, email: string): Promise<void> {
  const taken = and(eq(sql`lower(${users.email})`, email), ne(users.id, userId));
  if ((await tx.$count(users, taken)) > 0) throw new RequestError(409, `There is another account for ${email}.`);
}

async function sendCode(tx: Transaction, viewer: Viewer, email: string): Promise<void> {
  const code = await makeCode(tx, 'verify-email', { userId: viewer.id, email });
  if (!code) throw new RequestError(429, 'Three mails went out within the hour already. Look in your inbox, or wait.');
  await sendMail(tx, {
    to: email,
    subject: 'Verify your address for Gauntlet',
    text: [
      `Somebody who is signed in to Gauntlet as ${viewer.name} says that this is their address.`,
      `If that is you, open this link within an hour:\n\n${absolute(`/verify-email?code=${code}`)}`,
      'If not, do nothing: without the link they cannot use your address.\n',
    ].join('\n\n'),
  });
}
