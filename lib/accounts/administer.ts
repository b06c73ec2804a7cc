// What an administrator does to an account: its role, its sessions, letting it in no more, a way back in, deleting it. All audited.
import { eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { AuditAction } from '../audit/actions.ts';
import { endAllSessions } from '../auth/sessions.ts';
import { lockUser, type Credentials } from '../auth/users.ts';
import type { Viewer } from '../auth/viewer.ts';
import { database, type Transaction } from '../db/client.ts';
import { users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { lockAdministrators } from './administrators.ts';
import { makeCode } from './codes.ts';
import { removeAccount } from './delete.ts';
import { requireAdministrator } from './people.ts';

export const roles = ['student', 'instructor', 'administrator'] as const satisfies Viewer['role'][];

type Act = { tx: Transaction; person: Credentials; administrators: readonly string[] };

/** Every act: throws RequestError 401, 403 and 404 (person), and writes the act down with what `change` answers as its detail. */
async function act<T extends Record<string, unknown>>(
  viewer: Viewer | null, personId: string, action: AuditAction, change: (act: Act) => Promise<T>,
): Promise<T> {
  requireAdministrator(viewer);
  return database().transaction(async (tx) => {
    const administrators = await lockAdministrators(tx);
    const person = await lockUser(tx, personId);
    const detail = await change({ tx, person, administrators });
    await record(tx, viewer, action, { subject: person.id, detail });
    return detail;
  });
}

function keepAdministrator({ person, administrators }: Act): void {
  if (administrators.length > 1 || administrators[0] !== person.id) return;
  throw new RequestError(409, 'This is the last administrator. Make somebody else one first.');
}

/** Changes what somebody is on the whole site. Throws as every act, and RequestError 400 (role) and 409 (the last administrator). */
export async function setSiteRole(viewer: Viewer | null, personId: string, wanted: string): Promise<void> {
  await act(viewer, personId, 'person.role', async (held) => {
    const role = roles.find((one) => one === wanted);
    if (!role) throw new RequestError(400, `Choose a role: ${roles.join(', ')}.`);
    if (role !== 'administrator') keepAdministrator(held);
    await held.tx.update(users).set({ role }).where(eq(users.id, held.person.id));
    return { from: held.person.role, to: role };
  });
}

/** Signs somebody out of every browser. Throws as every act. */
export async function endSessionsOf(viewer: Viewer | null, personId: string): Promise<void> {
  await act(viewer, personId, 'person.sessions', async ({ tx, person }) => {
    await endAllSessions(tx, person.id);
    return {};
  });
}

/**
 * Lets somebody in no more, by any way (password, account elsewhere, API token), or again; what they have done stays. Throws as
 * every act, and RequestError 409 for oneself and the last administrator.
 */
export async function setDisabled(viewer: Viewer | null, personId: string, disabled: boolean): Promise<void> {
  await act(viewer, personId, disabled ? 'person.disable' : 'person.enable', async (held) => {
    if (disabled && held.person.id === viewer!.id) {
      throw new RequestError(409, 'You would lock yourself out. Another administrator can do this.');
    }
    if (disabled) keepAdministrator(held);
    await held.tx.update(users).set({ disabledAt: disabled ? new Date() : null }).where(eq(users.id, held.person.id));
    if (disabled) await endAllSessions(held.tx, held.person.id);
    return {};
  });
}

/**
 * A code that sets somebody's password, for a site without mail: the administrator hands it over, so it proves no address.
 * Throws as every act, and RequestError 409 (disabled) and 429.
 */
export async function makeResetCode(viewer: Viewer | null, personId: string): Promise<string> {
  let made: string | null = null;
  await act(viewer, personId, 'person.reset', async ({ tx, person }) => {
    if (person.disabledAt) throw new RequestError(409, 'This account is disabled. Enable it first.');
    made = await makeCode(tx, 'reset-password', { userId: person.id, email: '' });
    if (!made) throw new RequestError(429, 'Three links were made or mailed within the hour already. Use one of those, or wait.');
    return {};
  });
  return made!;
}

/** Deletes somebody's account as they could themselves. Throws as every act, and RequestError 409 as removeAccount and for oneself. */
export async function deletePerson(viewer: Viewer | null, personId: string): Promise<void> {
  await act(viewer, personId, 'person.delete', async ({ tx, person }) => {
    if (person.id === viewer!.id) throw new RequestError(409, 'Your own account you delete on your account page.');
    await removeAccount(tx, person.id);
    return { role: person.role };
  });
}
