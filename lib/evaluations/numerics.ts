// Which numerics class runs the attacks of a phase (spec 2.5): the first to take one fixes it, so that all scores are comparable.
import { eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, phases, shards } from '../db/schema.ts';

/**
 * The class that must run a shard; null when any may, or nothing is left to run. When nobody has run an attack of the phase yet,
 * it is the asking one's from now on.
 */
export async function classFor(shardId: string, asking: string): Promise<string | null> {
  const [row] = await database()
    .select({ attack: shards.attack, status: shards.status, phaseId: phases.id, numericsClass: phases.numericsClass })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    .innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .where(eq(shards.id, shardId));
  if (!row?.attack || row.status === 'done' || row.status === 'failed') return null;
  if (row.numericsClass) return row.numericsClass;
  // Of two that ask at once, the later reads what the earlier wrote.
  const [fixed] = await database()
    .update(phases)
    .set({ numericsClass: sql`coalesce(${phases.numericsClass}, ${asking})` })
    .where(eq(phases.id, row.phaseId))
    .returning({ numericsClass: phases.numericsClass });
  return fixed.numericsClass;
}
