// Computes the ranks of a phase from the stored cells and replaces them. Called by a queue job when cells land, never by a page.
import { eq, inArray } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { challenges, evaluations, phases, ranks } from '../db/schema.ts';
import { columnTrials, imageOutcomes, metrics, type Metric } from '../evaluation/outcomes.ts';
import { countingOf } from '../evaluation/score.ts';
import { pairedRanks } from '../evaluation/ranks.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { outcomesOf } from './cells.ts';
import { measureCorruption } from './corruption.ts';
import { counted, subjectOf } from './counted.ts';
import { rescore } from './rescore.ts';

type Standing = { submissionId: string; createdAt: Date; outcomes: Float64Array; value: number };

/**
 * Ranks the counted submissions of a phase by its challenge's primary metric, with ties as the paired data have them
 * (spec 6.4), and rewrites table `ranks` in one transaction; before, whatever else hangs on the phase's other models. Submissions
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
    await tx.select({ id: phases.id }).from(phases).where(eq(phases.id, phaseId)).for('update');
    const standings = await standingsOf(phaseId, metric);
    const sets = pairedRanks(onSharedImages(standings));
    await tx.delete(ranks).where(eq(ranks.phaseId, phaseId));
    if (standings.length === 0) return;
    await tx.insert(ranks).values(
      standings.map(({ submissionId }, i) => ({
        phaseId,
        submissionId,
        position: i + 1,
        rank: sets[i].rank,
        rankLow: sets[i].low,
        rankHigh: sets[i].high,
      })),
    );
  });
}

/** The counted submissions that have the metric and are ranked by it, best first; of equals the earlier one is first. */
async function standingsOf(phaseId: string, metric: Metric): Promise<Standing[]> {
  const scored = (await counted(phaseId, metric)).filter(({ score }) => score?.[metric] && !score.notRanked?.[metric]);
  if (scored.length === 0) return [];
  const ids = scored.map(({ evaluationId }) => evaluationId);
  const protocols = await database()
    .select({ id: evaluations.id, protocol: evaluations.protocol })
    .from(evaluations)
    .where(inArray(evaluations.id, ids));
  const protocolOf = new Map(protocols.map(({ id, protocol }) => [id, protocol as Protocol]));
  const ways = scored.map((one) => {
    const protocol = protocolOf.get(one.evaluationId)!;
    return { ...one, protocol, counting: countingOf(protocol, subjectOf(one)) };
  });
  const needed = ways.flatMap(({ protocol, counting }) => columnTrials(protocol, metric, counting).flat().map(trialId));
  const byEvaluation = await outcomesOf(ids, [...new Set(needed)]);
  const standings = ways.flatMap(({ evaluationId, submissionId, createdAt, score, protocol, counting }) => {
    const outcomes = imageOutcomes(protocol, byEvaluation.get(evaluationId) ?? new Map(), metric, counting);
    return outcomes ? [{ submissionId, createdAt, outcomes, value: score![metric]!.value }] : [];
  });
  return standings.sort((a, b) => b.value - a.value || a.createdAt.getTime() - b.createdAt.getTime());
}

/** What all saw: a declared policy is attacked on fewer images than the bare model, and choices are prefixes of one order. */
function onSharedImages(standings: readonly Standing[]): Float64Array[] {
  const shared = Math.min(...standings.map(({ outcomes }) => outcomes.length));
  return standings.map(({ outcomes }) => outcomes.subarray(0, shared));
}
