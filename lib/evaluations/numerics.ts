// Which numerics class runs the attacks of a phase (spec 2.5): the first to take one fixes it, so that all scores are comparable.
import { and, eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, phases, reevaluations, shards } from '../db/schema.ts';

/**
 * The class that must run a shard; null when any may, or nothing is left to run. When nobody has run an attack of the phase yet,
 * it is the asking one's from now on. A re-evaluation that leaves the phase's class has one of its own, fixed the same way.
 */
export async function classFor(shardId: string, asking: string): Promise<string | null> {
  const [row] = await database()
    .select({
      attack: shards.attack, status: shards.status, phaseId: phases.id, ofPhase: phases.numericsClass,
      reevaluationId: reevaluations.id, ofReevaluation: reevaluations.numericsClass,
    })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    .innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .leftJoin(reevaluations, and(eq(reevaluations.id, evaluations.reevaluationId), reevaluations.newClass))
    .where(eq(shards.id, shardId));
  if (!row?.attack || row.status === 'done' || row.status === 'failed') return null;
  const known = row.reevaluationId ? row.ofReevaluation : row.ofPhase;
  if (known) return known;
  // Of two that ask at once, the later reads what the earlier wrote.
  const table = row.reevaluationId ? reevaluations : phases;
  const [fixed] = await database()
    .update(table)
    .set({ numericsClass: sql`coalesce(${table.numericsClass}, ${asking})` })
    .where(eq(table.id, row.reevaluationId ?? row.phaseId))
    .returning({ numericsClass: table.numericsClass });
  return fixed.numericsClass;
}
