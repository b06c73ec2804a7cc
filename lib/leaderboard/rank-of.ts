// One submission's place on its board. Ranks are public; whether the submission may be looked at is asked elsewhere.
import { and, eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { phases, ranks } from '../db/schema.ts';
import type { Rank } from './board.ts';

export type Place = Rank & { of: number };

/** The place in a phase among `of` ranked models; null for a submission that is not (yet) the one that counts. */
export async function rankOf(submissionId: string, phase: 'public' | 'final' = 'public'): Promise<Place | null> {
  const among = sql<number>`(select count(*)::int from ${ranks} others where others.phase_id = ${phases.id})`;
  const [row] = await database()
    .select({ rank: ranks.rank, low: ranks.rankLow, high: ranks.rankHigh, of: among })
    .from(ranks)
    .innerJoin(phases, and(eq(phases.id, ranks.phaseId), eq(phases.kind, phase)))
    .where(eq(ranks.submissionId, submissionId));
  return row ?? null;
}
