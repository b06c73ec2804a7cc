// What tests of accounts share: a person with a password, mail as it waits in the queue, and a signed-in browser.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { startSession } from '../../lib/auth/sessions.ts';
import { createUser, type User } from '../../lib/auth/users.ts';
import { database, rawSql } from '../../lib/db/client.ts';
import { sessions, users } from '../../lib/db/schema.ts';

export const password = 'a long password';

export async function account(more: Partial<Parameters<typeof createUser>[0]> = {}): Promise<User> {
  return createUser({ name: 'Ana', email: `${randomUUID()}@uni.test`, password, ...more });
}

export const browser = (user: { id: string }, userAgent = 'A browser') =>
  database().transaction((tx) => startSession(tx, user.id, userAgent));

export const sessionsOf = (user: { id: string }) => database().$count(sessions, eq(sessions.userId, user.id));

export async function row(user: { id: string }): Promise<typeof users.$inferSelect | undefined> {
  const [found] = await database().select().from(users).where(eq(users.id, user.id));
  return found;
}

export type Mail = { to: string; subject: string; text: string };

/** Mail that waits in the queue for an address, the oldest first. */
export async function mailTo(to: string): Promise<Mail[]> {
  const rows = await rawSql()`
    select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where t.identifier = 'send-mail' and payload ->> 'to' = ${to} order by j.id`;
  return rows.map((one) => one.payload as Mail);
}

/** The code in the newest mail to an address. */
export async function codeSentTo(to: string): Promise<string> {
  return /[?]code=([\w-]+)/.exec((await mailTo(to)).at(-1)!.text)![1];
}
