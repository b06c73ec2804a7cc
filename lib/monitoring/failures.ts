// Evaluations that failed, one by one and grouped by what they failed for.
import { and, desc, eq, sql, type SQL } from 'drizzle-orm';
import { database } from '../db/client.ts';
import { evaluations, submissions, users, type Failure } from '../db/schema.ts';

export type FailureView = {
  submissionId: string;
  submission: string;
  by: string;
  blame: Failure['blame'];
  message: string;
  at: string | null;
};

const shown = 20;

/** Newest first, at most 20. `where` is a condition on submissions. */
export async function recentFailures(where: SQL): Promise<FailureView[]> {
  const rows = await database()
    .select({ submissionId: submissions.id, submission: submissions.name, by: users.name, failure: evaluations.failure, at: evaluations.finishedAt })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(and(eq(evaluations.status, 'failed'), where))
    .orderBy(desc(sql`coalesce(${evaluations.finishedAt}, ${evaluations.createdAt})`))
    .limit(shown);
  return rows.map(({ failure, at, ...rest }) => ({ ...rest, ...said(failure!), at: at?.toISOString() ?? null }));
}

function said(failure: Failure): Pick<FailureView, 'blame' | 'message'> {
  return { blame: failure.blame, message: failure.blame === 'student' ? `${failure.problem.found} ${failure.problem.wanted}` : failure.message };
}

export type FailureGroup = {
  blame: Failure['blame'];
  /** The problem's code; of the platform's failures the message without the trial it names. */
  cause: string;
  evaluations: number;
  students: number;
  lastAt: string;
  /** The newest of them. */
  example: Pick<FailureView, 'submissionId' | 'submission' | 'by' | 'message'>;
};

type Group = { blame: Failure['blame']; cause: string; evaluations: number; students: number; last: string; example: string; name: string; by: string; failure: Failure };

/** The current evaluations of a challenge that failed, by cause, the most frequent first. */
export async function failureGroups(challengeId: string): Promise<FailureGroup[]> {
  const rows = await database().execute<Group>(sql`
    with failed as (
      select e.failure, s.id, s.name, s.user_id, u.name as by, coalesce(e.finished_at, e.created_at) as at,
        coalesce(e.failure -> 'problem' ->> 'code', regexp_replace(e.failure ->> 'message', ' [(][^)]*[)]', '')) as cause
      from evaluations e join submissions s on s.id = e.submission_id join users u on u.id = s.user_id
      where s.challenge_id = ${challengeId} and e.status = 'failed' and e.current)
    select distinct on (blame, cause) failure ->> 'blame' as blame, cause, count(*) over cause as evaluations,
      to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last, id as example, name, by, failure,
      (select count(distinct other.user_id) from failed other where other.cause = failed.cause)::int as students
    from failed window cause as (partition by failure ->> 'blame', cause)
    order by blame, cause, at desc`);
  return rows
    .map(({ blame, cause, evaluations: many, students, last, example, name, by, failure }) => ({
      blame, cause, students, evaluations: Number(many), lastAt: last, example: { submissionId: example, submission: name, by, message: said(failure).message },
    }))
    .sort((a, b) => b.evaluations - a.evaluations);
}
