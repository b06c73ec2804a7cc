// The places of counted submissions from their stored cells, with ties as the paired data have them. Reads, and writes nothing.
import { inArray } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations } from '../db/schema.ts';
import { columnTrials, imageOutcomes, type Metric } from '../evaluation/outcomes.ts';
import { pairedRanks, type Rank } from '../evaluation/ranks.ts';
import { countingOf } from '../evaluation/score.ts';
import { trialId } from '../evaluation/trial-id.ts';
import type { Protocol } from '../evaluation/trial.ts';
import { outcomesOf } from './cells.ts';
import { subjectOf, type Counted } from './counted.ts';

type Standing = { submissionId: string; createdAt: Date; outcomes: Float64Array; value: number };
export type Place = { submissionId: string } & Rank;

/** The places by the metric (spec 6.4), best first; a submission without it, or not to be ranked by it, has none. */
export async function placesOf(found: readonly Counted[], metric: Metric): Promise<Place[]> {
  const standings = await standingsOf(found, metric);
  const sets = pairedRanks(onSharedImages(standings));
  return standings.map(({ submissionId }, i) => ({ submissionId, ...sets[i] }));
}

/** The counted submissions that have the metric and are ranked by it, best first; of equals the earlier one is first. */
async function standingsOf(found: readonly Counted[], metric: Metric): Promise<Standing[]> {
  const scored = found.filter(({ score }) => score?.[metric] && !score.notRanked?.[metric]);
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
