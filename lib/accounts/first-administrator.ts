// The first administrator of a site, made by whoever can read its log: never by the first who comes along.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import { sessionSecret } from '../auth/secret.ts';
import { createUser, type NewUser, type User } from '../auth/users.ts';
import { database } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { log } from '../log.ts';

/** Any fixed number; whoever makes the first administrator holds it. */
const advisoryLock = 7_204_612;

/** Whether the site still waits for its first administrator. */
export async function needsAdministrator(): Promise<boolean> {
  return (await database().$count(users, eq(users.role, 'administrator'))) === 0;
}

/**
 * What proves that somebody runs this site: the same in all its processes, and of no use once there is an administrator, of whom one
 * always stays. Throws an Error without NEXTAUTH_SECRET.
 */
export function setupToken(): string {
  return createHmac('sha256', sessionSecret()).update('the first administrator').digest('base64url').slice(0, 24);
}

let said = false;

/** Writes the token into the site's log, once a process. */
export function announceSetup(): void {
  if (said) return;
  said = true;
  log.warn(`This site has no administrator. To become it, open /setup and type: ${setupToken()}`);
}

/**
 * Makes the first administrator. Throws RequestError 400 (fields), 403 (token), and 409 (there is one, or the address has an account).
 */
export async function createFirstAdministrator(token: string, input: NewUser): Promise<User> {
  // 144 bits: guessing need not be slowed down.
  if (!same(token.trim(), setupToken())) {
    throw new RequestError(403, "That is not the token in this site's log, which stands beside the word /setup.");
  }
  return database().transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${advisoryLock})`);
    const there = await tx.$count(users, eq(users.role, 'administrator'));
    if (there > 0) throw new RequestError(409, 'This site has an administrator already.');
    const { name, email, password } = input;
    const user = await createUser({ name, email, password, role: 'administrator', verified: true }, tx);
    await record(tx, user, 'account.setup', { subject: user.id });
    return user;
  });
}

const digest = (text: string) => createHash('sha256').update(text).digest();
// Of one length, as the comparison wants them.
const same = (a: string, b: string) => timingSafeEqual(digest(a), digest(b));
