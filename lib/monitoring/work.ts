// What waits and what runs: the queue's depth, and the shards that workers hold now.
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, phases, shards, submissions, users, workers } from '../db/schema.ts';

/** In the order in which the queue takes them. */
export const tiers = {
  headline: 'Headline: clean and mixed',
  full: 'The rest of the protocol',
  baseline: 'Baselines',
  final: 'Final phase',
  reevaluation: 'Re-evaluations',
} as const;
export type Tier = keyof typeof tiers;

/** `seconds` are of one core, as estimated. */
export type TierDepth = { tier: Tier; queued: number; running: number; evaluations: number; seconds: number };

/** Every tier, also those where nothing waits. `where` is a condition on submissions. */
export async function depthByTier(where: SQL): Promise<TierDepth[]> {
  const tier = sql<Tier>`case when ${evaluations.reevaluationId} is not null then 'reevaluation' when ${phases.kind} = 'final' then 'final'
    when ${shards.headline} then 'headline' when ${submissions.baseline} then 'baseline' else 'full' end`;
  const rows = await database()
    .select({
      tier,
      queued: sql<number>`(count(*) filter (where ${shards.status} = 'queued'))::int`,
      running: sql<number>`(count(*) filter (where ${shards.status} = 'running'))::int`,
      evaluations: sql<number>`count(distinct ${shards.evaluationId})::int`,
      seconds: sql<number>`sum(${shards.estimatedSeconds})::float8`,
    })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    .innerJoin(phases, eq(phases.id, evaluations.phaseId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .where(and(inArray(shards.status, ['queued', 'running']), where))
    .groupBy(sql`1`);
  const found = new Map(rows.map((row) => [row.tier, row]));
  return (Object.keys(tiers) as Tier[]).map((each) => found.get(each) ?? { tier: each, queued: 0, running: 0, evaluations: 0, seconds: 0 });
}

export type RunningShard = {
  trialId: string;
  images: number;
  worker: string | null;
  seconds: number;
  /** Null for a submission to a challenge whose staff the viewer is not. */
  of: { submissionId: string; submission: string; by: string } | null;
};

const shown = 20;

/** The longest running first, at most 20. What `named` is not true of is there without names. */
export async function runningShards(named: SQL<boolean>, where: SQL = sql`true`): Promise<RunningShard[]> {
  const rows = await database()
    .select({
      submissionId: submissions.id,
      submission: submissions.name,
      by: users.name,
      named,
      trialId: shards.trialId,
      images: sql<number>`${shards.endImage} - ${shards.firstImage}`,
      worker: workers.name,
      seconds: sql<number>`coalesce(extract(epoch from now() - ${shards.startedAt}), 0)::float8`,
    })
    .from(shards)
    .innerJoin(evaluations, eq(evaluations.id, shards.evaluationId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .leftJoin(workers, eq(workers.id, shards.workerId))
    .where(and(eq(shards.status, 'running'), where))
    .orderBy(shards.startedAt)
    .limit(shown);
  return rows.map(({ submissionId, submission, by, named: mayRead, ...rest }) => ({ ...rest, of: mayRead ? { submissionId, submission, by } : null }));
}
