// Both phases of a challenge as its staff steers them: what is measured, what still runs, what is promised and what is revealed.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView, PhaseView } from '../challenges/challenges.ts';
import { admitted, type Standing } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, phases, submissions, users } from '../db/schema.ts';
import { counted } from '../leaderboard/counted.ts';
import { stalledClasses } from './stalled.ts';

export type PhaseProgress = PhaseView & {
  /** Current evaluations. */
  all: number;
  finished: number;
  failed: number;
  unfinished: number;
  /** What runs its attacks; null before the first. */
  numericsClass: string | null;
  /** Whether its attacks wait for that class and no living worker is of it. */
  stalled: boolean;
};

/** Of the public phase. */
export type Unfinished = { submissionId: string; name: string; by: string; status: 'queued' | 'running' };

export type Phases = {
  challenge: ChallengeView;
  standing: Standing;
  public: PhaseProgress;
  final: PhaseProgress;
  /** At most 50 of those that keep the final phase waiting. */
  unfinished: Unfinished[];
  /** Submissions that count by now, baselines among them: what would enter the final phase. */
  counted: number;
};

const shown = 50;

/** Throws RequestError 401, 403 (not of the staff), 404 (challenge). */
export async function phasesOf(viewer: Viewer | null, slug: string): Promise<Phases> {
  const { challenge, standing } = await admitted(viewer, slug, 'assistant');
  const [publicPhase, finalPhase] = challenge.phases;
  const [tallies, stalled, unfinished, count] = await Promise.all([
    talliesOf(challenge.id), stalledClasses(), unfinishedOf(publicPhase.id),
    counted(publicPhase.id, challenge.primaryMetric).then((rows) => rows.filter((one) => one.score?.[challenge.primaryMetric]).length),
  ]);
  const progress = (phase: PhaseView): PhaseProgress => {
    const tally = tallies.get(phase.id)!;
    return { ...phase, ...tally, stalled: tally.waits && stalled.some((one) => one.numericsClass === tally.numericsClass) };
  };
  return { challenge, standing, public: progress(publicPhase), final: progress(finalPhase), unfinished, counted: count };
}

async function talliesOf(challengeId: string) {
  const count = (condition: ReturnType<typeof sql>) => sql<number>`(count(*) filter (where ${condition}))::int`;
  const rows = await database()
    .select({
      id: phases.id,
      numericsClass: phases.numericsClass,
      all: count(sql`${evaluations.status} <> 'cancelled'`),
      finished: count(sql`${evaluations.status} = 'finished'`),
      failed: count(sql`${evaluations.status} = 'failed'`),
      unfinished: count(sql`${evaluations.status} in ('queued', 'running')`),
      waits: sql<boolean>`exists (select 1 from shards s join evaluations e on e.id = s.evaluation_id
        where e.phase_id = ${phases.id} and e.current and s.attack and s.status = 'queued')`,
    })
    .from(phases)
    .leftJoin(evaluations, and(eq(evaluations.phaseId, phases.id), evaluations.current))
    .where(eq(phases.challengeId, challengeId))
    .groupBy(phases.id);
  return new Map(rows.map(({ id, ...tally }) => [id, tally]));
}

async function unfinishedOf(phaseId: string): Promise<Unfinished[]> {
  const rows = await database()
    .select({ submissionId: submissions.id, name: submissions.name, by: users.name, status: evaluations.status })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(and(eq(evaluations.phaseId, phaseId), evaluations.current, inArray(evaluations.status, ['queued', 'running'])))
    .orderBy(submissions.createdAt)
    .limit(shown);
  return rows as Unfinished[];
}
