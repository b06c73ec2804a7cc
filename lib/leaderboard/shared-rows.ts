// What all viewers of a board share of it, read row by row: only what has changed since the last reading is read again.
import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, members, ranks, submissions, teams, users, type StoredCorruption } from '../db/schema.ts';
import type { Estimate, Metric, Score } from '../evaluation/score.ts';
import type { Rank } from './board.ts';
import { chosenOf, sender, type Counted } from './counted.ts';

/** What of a score a row of the board shows. */
export type ShownScore = Pick<Score, Metric | 'flags' | 'notRanked' | 'notAttacked'>;

/** The figures of a row; they change when cells land, and are by far the most that is read. */
type Figures = {
  score: ShownScore | null;
  mce: Estimate | null;
  /** The TTA policy with the largest gain. */
  bestTta: { policy: string; gain: Estimate } | null;
  /** Mean accuracy under each perturbation that counts and has landed at all its severities. */
  perturbations: Readonly<Record<string, number>>;
  parameters: number;
  /** Operators that kept the attacks from being run. */
  withoutGradient: string[];
};

type Facts = Pick<Counted, 'evaluationId' | 'submissionId' | 'userId' | 'teamId' | 'name' | 'baseline' | 'status' | 'tier' | 'late' | 'declaredTta'> & {
  /** The team it was sent for: a team also stands with what its members had sent before, which only they may open. */
  sentFor: string | null;
  /** What everybody may call it: the team's name, or the pseudonym, or else the account's. */
  by: string;
  /** The account's name: for staff, its owner and their team alone. */
  account: string;
  rank: Rank | null;
  /** ISO 8601. */
  submittedAt: string;
};

/** One row for all viewers. Holds what only some may know: it leaves this room through `forViewer` alone. */
export type SharedRow = Facts & Figures & {
  /** What it is ranked by; null for what stands with the missing. */
  value: number | null;
  /** States of the evaluation's and the submission's rows in the database that the figures were read from. */
  mark: string;
};

/** Larger first, null last, whatever the direction: for any column a board is sorted by. */
export function compareMissingLast(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return b - a;
}

/** The rows of a phase in the order of its board; figures whose rows are as in `earlier` are taken from there. */
export async function readSharedRows(phaseId: string, metric: Metric, earlier: readonly SharedRow[]): Promise<SharedRow[]> {
  const facts = await readFacts(phaseId, metric);
  const known = new Map(earlier.map((row) => [row.mark, row]));
  const figures = await readFigures(facts.filter(({ mark }) => !known.has(mark)).map(({ evaluationId }) => evaluationId));
  const rows = facts.map((one): SharedRow => {
    const { score, mce, bestTta, perturbations, parameters, withoutGradient } = known.get(one.mark) ?? figures.get(one.evaluationId) ?? none;
    const value = score?.notRanked?.[metric] ? null : (score?.[metric]?.value ?? null);
    return { ...one, score, mce, bestTta, perturbations, parameters, withoutGradient, value };
  });
  // By the estimate and not by the stored position, so that a score shown before its ranks are recomputed stands right.
  return rows.sort((a, b) => compareMissingLast(a.value, b.value) || (a.submittedAt < b.submittedAt ? 1 : a.submittedAt > b.submittedAt ? -1 : 0));
}

const none: Figures = { score: null, mce: null, bestTta: null, perturbations: {}, parameters: 0, withoutGradient: [] };

async function readFacts(phaseId: string, metric: Metric): Promise<(Facts & { mark: string })[]> {
  const counting = chosenOf(phaseId, metric).as('counting');
  const rows = await database()
    .select({
      evaluationId: evaluations.id, submissionId: submissions.id, userId: submissions.userId, sentFor: submissions.teamId,
      teamId: teams.id, teamName: teams.name, pseudonym: members.pseudonym, account: users.name, name: submissions.name,
      baseline: submissions.baseline, status: evaluations.status, tier: evaluations.tier, late: submissions.late,
      declaredTta: submissions.declaredTta, createdAt: submissions.createdAt, rank: ranks.rank, low: ranks.rankLow, high: ranks.rankHigh,
      // The transaction that wrote a row last: it changes with everything in it, and is read without unpacking anything.
      mark: sql<string>`concat_ws(' ', ${evaluations.id}, ${evaluations}.xmin, ${submissions}.xmin)`,
    })
    .from(counting)
    .innerJoin(evaluations, eq(evaluations.id, counting.evaluationId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .leftJoin(members, sender)
    .leftJoin(teams, and(eq(submissions.baseline, false), sql`${teams.id} = coalesce(${submissions.teamId}, ${members.teamId})`))
    .leftJoin(ranks, and(eq(ranks.phaseId, phaseId), eq(ranks.submissionId, submissions.id)));
  return rows.map(({ teamName, pseudonym, createdAt, rank, low, high, ...row }) => ({
    ...row,
    by: row.baseline ? row.account : (teamName ?? pseudonym ?? row.account),
    rank: rank === null ? null : { rank, low: low!, high: high! },
    submittedAt: createdAt.toISOString(),
  }));
}

/** Evaluations asked for at once, so that a whole board read at a stroke does not hold up everybody else's requests. */
const atOnce = 500;

async function readFigures(evaluationIds: readonly string[]): Promise<Map<string, Figures>> {
  const found = new Map<string, Figures>();
  for (let at = 0; at < evaluationIds.length; at += atOnce) {
    const { id, score, corruption, submissionId } = evaluations;
    const rows = await database()
      .select({
        id,
        // One unpacking of the score for all its parts.
        score: sql<Stored | null>`(select to_jsonb(part) - 'perturbations' || jsonb_build_object('means',
          (select jsonb_object_agg(one ->> 'perturbation', one -> 'mean' -> 'value')
            from jsonb_array_elements(part.perturbations) one
            where jsonb_typeof(one -> 'mean') = 'object' and one -> 'scored' is distinct from 'false'::jsonb))
          from jsonb_to_record(${score}) as part(mixed jsonb, "meanPerturbation" jsonb, robust jsonb, clean jsonb, flags jsonb,
            "notRanked" jsonb, "notAttacked" text, "ttaGain" jsonb, perturbations jsonb) where ${score} is not null)`,
        mce: sql<StoredCorruption['mce'] | null>`${corruption} -> 'mce'`,
        parameters: sql<number | null>`(${submissions.report} ->> 'parameters')::float8`,
        withoutGradient: sql<string[] | null>`${submissions.report} -> 'operatorsWithoutGradient'`,
      })
      .from(evaluations)
      .innerJoin(submissions, eq(submissions.id, submissionId))
      .where(inArray(id, evaluationIds.slice(at, at + atOnce)));
    for (const row of rows) found.set(row.id, figuresOf(row));
  }
  return found;
}

type Stored = Record<Metric, Estimate | null> & {
  flags: Score['flags'] | null; notRanked: Score['notRanked'] | null; notAttacked: string | null; ttaGain: Score['ttaGain'] | null;
  means: Record<string, number> | null;
};
type Read = { score: Stored | null; mce: Estimate | null; parameters: number | null; withoutGradient: string[] | null };

/** Scores of an earlier shape lack parts; they are empty until the next ranking computes them anew. */
function figuresOf({ score, mce, parameters, withoutGradient }: Read): Figures {
  const gains = Object.entries(score?.ttaGain ?? {}).sort(([, a], [, b]) => b.value - a.value);
  return {
    score: score && {
      mixed: score.mixed, meanPerturbation: score.meanPerturbation, robust: score.robust, clean: score.clean, flags: score.flags ?? [],
      notRanked: score.notRanked ?? undefined, notAttacked: score.notAttacked ?? undefined,
    },
    mce,
    bestTta: gains.length > 0 ? { policy: gains[0][0], gain: gains[0][1] } : null,
    perturbations: score?.means ?? {},
    parameters: parameters ?? 0,
    withoutGradient: withoutGradient ?? [],
  };
}

/** The team of everybody who is in one. */
export async function readTeams(challengeId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await database()
    .select({ userId: members.userId, teamId: members.teamId })
    .from(members)
    .where(and(eq(members.challengeId, challengeId), isNotNull(members.teamId)));
  return new Map(rows.map(({ userId, teamId }) => [userId, teamId!]));
}
