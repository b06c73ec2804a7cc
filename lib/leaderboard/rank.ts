// Computes the ranks of a phase from the stored cells and replaces them. Called by a queue job when cells land, never by a page.
import { eq, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { challenges, phases, ranks } from '../db/schema.ts';
import { metrics } from '../evaluation/outcomes.ts';
import { compareReevaluations } from './board-change.ts';
import { measureCorruption } from './corruption.ts';
import { counted } from './counted.ts';
import { placesOf } from './places.ts';
import { rescore } from './rescore.ts';

/**
 * Ranks the counted submissions of a phase by its challenge's primary metric, with ties as the paired data have them
 * (spec 6.4), and rewrites table `ranks` in one transaction; before, whatever else hangs on the phase's other models, and after,
 * what re-evaluations that wait for a decision would change. Submissions
 * without the metric, or not to be ranked by it, have no rank.
 */
export async function rankPhase(phaseId: string): Promise<void> {
  const [phase] = await database()
    .select({ metric: challenges.primaryMetric })
    .from(phases)
    .innerJoin(challenges, eq(challenges.id, phases.challengeId))
    .where(eq(phases.id, phaseId));
  if (!phase) return;
  const metric = metrics.find((one) => one === phase.metric) ?? 'mixed';
  await rescore(phaseId);
  await measureCorruption(phaseId);
  await database().transaction(async (tx) => {
    // Two computations at once: the later one waits here, and reads whatever the earlier one has not seen.
    // Submissions, which refer to the phase, do not wait. The server hears nothing of us while we compute.
    await tx.select({ id: phases.id }).from(phases).where(eq(phases.id, phaseId)).for('no key update');
    await tx.execute(sql`set local idle_in_transaction_session_timeout = '10min'`);
    const places = await placesOf(await counted(phaseId, metric), metric);
    await tx.delete(ranks).where(eq(ranks.phaseId, phaseId));
    if (places.length === 0) return;
    await tx.insert(ranks).values(
      places.map(({ submissionId, rank, low, high }, i) => ({ phaseId, submissionId, position: i + 1, rank, rankLow: low, rankHigh: high })),
    );
  });
  await compareReevaluations(phaseId, metric);
}
