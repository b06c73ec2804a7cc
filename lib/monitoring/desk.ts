// The desk of a challenge: what its staff looks at first. Reads alone.
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted, type Standing } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { members, regradeRequests, rosterPlaces, submissions } from '../db/schema.ts';
import { failureGroups, type FailureGroup } from './failures.ts';
import { listWorkers, type WorkerView } from './machines.ts';
import { stalledClasses, type StalledClass } from './stalled.ts';
import { depthByTier, runningShards, type RunningShard, type TierDepth } from './work.ts';

export type Counts = {
  students: number;
  /** Places on the class list that no account has claimed. */
  unclaimed: number;
  /** Students of the challenge without a submission; those who have not signed up are not among them. */
  withoutSubmission: number;
  submissions: number;
  late: number;
  disqualified: number;
  openRegrades: number;
  /** Evaluations of the public phase in which a masking check saw something. */
  flagged: number;
};

/** Submissions of a day in the challenge's zone, by how their evaluation stands. */
export type Day = { day: string; finished: number; failed: number; cancelled: number; open: number };

export type Desk = {
  challenge: ChallengeView;
  standing: Standing;
  counts: Counts;
  /** The challenge's own share of the queue. */
  tiers: TierDepth[];
  /** Estimated seconds on one core of everything that waits or runs on the site, and the shards that run at once on it. */
  site: { seconds: number; slots: number };
  running: RunningShard[];
  workers: WorkerView[];
  stalled: StalledClass[];
  failures: FailureGroup[];
  /** From the first submission to the last, days without any among them. */
  days: Day[];
};

/** Throws RequestError 401, 403 (not of the staff), 404 (challenge). */
export async function desk(viewer: Viewer | null, slug: string): Promise<Desk> {
  const { challenge, standing } = await admitted(viewer, slug, 'assistant');
  const own = eq(submissions.challengeId, challenge.id);
  const [counts, tiers, all, running, workers, stalled, failures, days] = await Promise.all([
    countsOf(challenge), depthByTier(own), depthByTier(sql`true`), runningShards(sql`true`, own), listWorkers(), stalledClasses(),
    failureGroups(challenge.id), daysOf(challenge),
  ]);
  const alive = workers.filter(({ state }) => state === 'alive');
  const site = { seconds: all.reduce((sum, { seconds }) => sum + seconds, 0), slots: alive.reduce((sum, { concurrency }) => sum + concurrency, 0) };
  return { challenge, standing, counts, tiers, site, running, workers, stalled, failures, days };
}

async function countsOf({ id, phases }: ChallengeView): Promise<Counts> {
  const students = and(eq(members.challengeId, id), eq(members.role, 'student'));
  // Two questions and not one with "or", which would read every submission once for every student.
  const handedIn = sql`(exists (select 1 from submissions s where s.user_id = ${members.userId} and s.challenge_id = ${members.challengeId} and not s.baseline)
    or ${members.teamId} is not null and exists (select 1 from submissions s where s.team_id = ${members.teamId}))`;
  const publicPhase = phases.find(({ kind }) => kind === 'public')!.id;
  const db = database();
  const [all, unclaimed, withoutSubmission, [handed], [{ openRegrades }], [{ flagged }]] = await Promise.all([
    db.$count(members, students),
    db.$count(rosterPlaces, and(eq(rosterPlaces.challengeId, id), isNull(rosterPlaces.claimedBy))),
    db.$count(members, and(students, sql`not ${handedIn}`)),
    db
      .select({
        submissions: sql<number>`count(*)::int`,
        late: sql<number>`(count(*) filter (where ${submissions.late}))::int`,
        disqualified: sql<number>`(count(*) filter (where ${isNotNull(submissions.disqualifiedAt)}))::int`,
      })
      .from(submissions)
      .where(and(eq(submissions.challengeId, id), eq(submissions.baseline, false))),
    db
      .select({ openRegrades: sql<number>`count(*)::int` })
      .from(regradeRequests)
      .innerJoin(submissions, eq(submissions.id, regradeRequests.submissionId))
      .where(and(eq(submissions.challengeId, id), eq(regradeRequests.status, 'open'))),
    // As the index evaluations_flagged has it, so that no score is unpacked.
    db.execute<{ flagged: number }>(sql`select count(*)::int as flagged from evaluations
      where phase_id = ${publicPhase} and current and jsonb_array_length(score -> 'flags') > 0`),
  ]);
  return { students: all, unclaimed, withoutSubmission, ...handed, openRegrades, flagged };
}

async function daysOf({ id, timeZone }: ChallengeView): Promise<Day[]> {
  return database().execute<Day>(sql`
    with handed as (
      select (s.created_at at time zone ${timeZone})::date as day, e.status
      from submissions s join evaluations e on e.submission_id = s.id and e.current
        join phases p on p.id = e.phase_id and p.kind = 'public'
      where s.challenge_id = ${id} and not s.baseline),
    bounds as (select min(day) as first, max(day) as last from handed)
    select to_char(each.day, 'YYYY-MM-DD') as day,
      (count(*) filter (where status = 'finished'))::int as finished, (count(*) filter (where status = 'failed'))::int as failed,
      (count(*) filter (where status = 'cancelled'))::int as cancelled, (count(*) filter (where status in ('queued', 'running')))::int as open
    from bounds, generate_series(first, last, interval '1 day') as each(day) left join handed on handed.day = each.day::date
    group by each.day order by each.day`);
}
