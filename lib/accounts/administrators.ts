// How many administrators there are, asked so that two acts at once cannot take the last two.
import { eq } from 'drizzle-orm';
import type { Transaction } from '../db/client.ts';
import { users } from '../db/schema.ts';

/** The ids of those who may sign in, with their rows locked for the transaction. */
export async function lockAdministrators(tx: Transaction): Promise<string[]> {
  const rows = await tx
    .select({ id: users.id, disabledAt: users.disabledAt })
    .from(users)
    .where(eq(users.role, 'administrator'))
    .orderBy(users.id)
    .for('update');
  return rows.filter(({ disabledAt }) => !disabledAt).map(({ id }) => id);
}
