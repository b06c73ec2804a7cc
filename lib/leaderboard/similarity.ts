// The similarity report as staff see it: what is the same in submissions of different people. Hints for a look, never a verdict.
import { eq, inArray, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { similarityReports, submissions, users } from '../db/schema.ts';
import { grouped } from '../evaluation/outcomes.ts';
import { enqueueSimilar } from '../queue/jobs.ts';
import type { Similarity, SimilarPair } from './find-similar.ts';

export type Named = { submissionId: string; name: string; by: string; baseline: boolean };

/** Submissions of different people (or teams, or baselines) with the same weights. */
export type SameWeights = { same: 'file' | 'model' | 'weights'; members: Named[] };

export type PairView = Omit<SimilarPair, 'first' | 'second'> & {
  first: Named;
  second: Named;
  /** A baseline with which both agree unusually too: both may simply have started from it. */
  through: string | null;
};

export type SimilarityView = {
  groups: SameWeights[];
  /** Submissions from before weights were fingerprinted: of them only equal models are found. */
  withoutFingerprint: number;
  state: 'never' | 'computing' | 'ready';
  /** ISO 8601. */
  computedAt: string | null;
  report: (Omit<Similarity, 'shown'> & { shown: PairView[] }) | null;
};

/** Of the public phase. For staff: throws RequestError 401, 403, 404 (challenge). */
export async function similarityOf(viewer: Viewer | null, slug: string): Promise<SimilarityView> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const [[stored], groups, withoutFingerprint] = await Promise.all([
    database().select().from(similarityReports).where(eq(similarityReports.phaseId, challenge.phases[0].id)),
    sameWeights(challenge.id),
    database().$count(submissions, sql`${submissions.challengeId} = ${challenge.id} and not ${submissions.report} ? 'weightsSha256'`),
  ]);
  const computing = stored && (!stored.computedAt || stored.computedAt < stored.requestedAt);
  const report = stored?.report as Similarity | undefined;
  return {
    groups, withoutFingerprint,
    state: !stored ? 'never' : computing ? 'computing' : 'ready',
    computedAt: stored?.computedAt?.toISOString() ?? null,
    report: report ? { ...report, shown: await namedPairs(report.shown) } : null,
  };
}

/** Asks for the wrong answers to be compared, by a worker. Throws as similarityOf. */
export async function requestSimilarity(viewer: Viewer | null, slug: string): Promise<void> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const phaseId = challenge.phases[0].id;
  await database().transaction(async (tx) => {
    const asked = { phaseId, requestedAt: sql`now()` };
    await tx.insert(similarityReports).values(asked).onConflictDoUpdate({ target: similarityReports.phaseId, set: asked });
    await enqueueSimilar(tx, phaseId);
  });
}

async function sameWeights(challengeId: string): Promise<SameWeights[]> {
  type Row = { submissionId: string; name: string; by: string; baseline: boolean; weights: string; model: string; file: string };
  const rows = await database().execute<Row>(sql`
    with each as (
      select s.id, s.name, s.baseline, u.name as by, s.model_sha256 as model, coalesce(s.report ->> 'weightsSha256', s.model_sha256) as weights,
        case when s.baseline then s.id else coalesce(s.team_id, m.team_id, s.user_id) end as owner, s.created_at,
        (select f ->> 'sha256' from jsonb_array_elements(s.files) f order by (f ->> 'bytes')::bigint desc limit 1) as file
      from submissions s join users u on u.id = s.user_id
      left join members m on m.challenge_id = s.challenge_id and m.user_id = s.user_id
      where s.challenge_id = ${challengeId}),
    shared as (select weights from each group by weights having count(distinct owner) > 1 and not bool_and(baseline))
    select id as "submissionId", name, by, baseline, weights, model, coalesce(file, '') as file
    from each where weights in (select weights from shared) order by created_at`);
  return [...grouped(rows, ({ weights }) => weights).values()].map((members) => {
    const one = (of: 'file' | 'model') => new Set(members.map((member) => member[of])).size === 1;
    return {
      same: one('file') ? 'file' : one('model') ? 'model' : 'weights',
      members: members.map(({ submissionId, name, by, baseline }) => ({ submissionId, name, by, baseline })),
    };
  });
}

async function namedPairs(pairs: readonly SimilarPair[]): Promise<PairView[]> {
  const ids = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))];
  if (ids.length === 0) return [];
  const rows = await database()
    .select({ submissionId: submissions.id, name: submissions.name, by: users.name, baseline: submissions.baseline })
    .from(submissions)
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(inArray(submissions.id, ids));
  const names = new Map(rows.map((row) => [row.submissionId, row]));
  const baselinesOf = new Map<string, Set<string>>();
  for (const { first, second, unusual } of pairs) {
    for (const [one, other] of [[first, second], [second, first]]) {
      if (unusual && names.get(other)?.baseline) baselinesOf.set(one, (baselinesOf.get(one) ?? new Set()).add(other));
    }
  }
  return pairs.flatMap(({ first, second, ...pair }) => {
    const [a, b] = [names.get(first), names.get(second)];
    // Deleted since.
    if (!a || !b) return [];
    const through = [...(baselinesOf.get(first) ?? [])].find((id) => baselinesOf.get(second)?.has(id));
    return [{ ...pair, first: a, second: b, through: through ? names.get(through)!.name : null }];
  });
}
