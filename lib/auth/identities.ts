// Accounts elsewhere that sign somebody in here: found, linked and unlinked. Whether one may be linked is not decided here.
import { and, eq } from 'drizzle-orm';
import { database, type Transaction } from '../db/client.ts';
import { identities, users } from '../db/schema.ts';
import { RequestError } from '../errors.ts';
import { lockUser } from './users.ts';
import type { Viewer } from './viewer.ts';

export type Identity = { provider: string; subject: string };
export type IdentityView = Identity & { createdAt: string };

/** The account that an identity signs in; null when it is linked to none. */
export async function userOfIdentity(
  tx: Transaction, { provider, subject }: Identity,
): Promise<{ id: string; disabledAt: Date | null } | null> {
  const [user] = await tx
    .select({ id: users.id, disabledAt: users.disabledAt })
    .from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.provider, provider), eq(identities.subject, subject)));
  return user ?? null;
}

/** Links an identity that is linked to nobody; false when somebody was faster. */
export async function linkIdentity(tx: Transaction, userId: string, { provider, subject }: Identity): Promise<boolean> {
  return (await tx.insert(identities).values({ provider, subject, userId }).onConflictDoNothing().returning()).length > 0;
}

/** The viewer's own, the oldest first. */
export async function listIdentities(viewer: Viewer): Promise<IdentityView[]> {
  const rows = await database().select().from(identities).where(eq(identities.userId, viewer.id)).orderBy(identities.createdAt);
  return rows.map(({ provider, subject, createdAt }) => ({ provider, subject, createdAt: createdAt.toISOString() }));
}

/** Takes one of the viewer's own away. Throws RequestError 404 when it is none of theirs, 409 when it is their only way in. */
export async function unlinkIdentity(viewer: Viewer, { provider, subject }: Identity): Promise<void> {
  await database().transaction(async (tx) => {
    // Locked, so that two unlinkings at once cannot take the last two.
    const user = await lockUser(tx, viewer.id);
    const own = await tx.select().from(identities).where(eq(identities.userId, viewer.id));
    if (!own.some((one) => one.provider === provider && one.subject === subject)) {
      throw new RequestError(404, 'This account is not linked to yours; it may have been unlinked already.');
    }
    if (own.length === 1 && !user.passwordHash) throw new RequestError(409, 'It is your only way to sign in. Set a password first.');
    await tx.delete(identities).where(and(eq(identities.provider, provider), eq(identities.subject, subject)));
  });
}
