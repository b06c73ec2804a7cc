// Which protocol the board of a phase is made under: one for all of it, and the same whoever asks.
import { and, eq } from 'drizzle-orm';
import type { ChallengeRow } from '../challenges/change.ts';
import type { Transaction } from '../db/client.ts';
import { evaluations, type phases } from '../db/schema.ts';
import type { Protocol } from '../evaluation/trial.ts';

/**
 * The challenge's own for the public phase. For the final one what its entries were measured under, which a later version of the
 * challenge does not change; the challenge's as long as it has none.
 */
export async function boardProtocol(tx: Transaction, challenge: Pick<ChallengeRow, 'protocol'>, phase: typeof phases.$inferSelect): Promise<Protocol> {
  const own = challenge.protocol as Protocol;
  if (phase.kind === 'public') return own;
  const [entry] = await tx
    .select({ protocol: evaluations.protocol })
    .from(evaluations)
    .where(and(eq(evaluations.phaseId, phase.id), evaluations.current, eq(evaluations.tier, 'full')))
    .limit(1);
  return (entry?.protocol as Protocol | undefined) ?? own;
}
